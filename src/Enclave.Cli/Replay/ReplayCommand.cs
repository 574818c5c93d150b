using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Terminals;

namespace Enclave.Cli.Replay;

/// <summary>The options of <c>enclave replay</c>.</summary>
internal sealed class ReplayCommand
{
    private readonly Option<bool> _json = new("--json") { Description = "Print the report as one JSON object." };

    private readonly RecordingSource _source = new();

    private ReplayCommand()
    {
    }

    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var replay = new ReplayCommand();
        var command = new Command("replay", "Repeats a recorded run with the recorded answers of its tools, and reports the first difference.");
        command.Options.Add(replay._json);
        replay._source.AddTo(command);
        command.SetAction((parsed, _) => new ReplayRun(terminal, parsed.GetValue(replay._json)).RunAsync(replay._source, parsed, interrupt.Token));
        HelpExamples.Add(
            command,
            "enclave run report.js --record report.recording.json",
            "enclave replay report.recording.json",
            "enclave replay ee36dc9d904f4eb8-1 --store runs",
            "enclave replay report.recording.json --library dayjs=node_modules/dayjs/dayjs.min.js",
            "enclave replay report.recording.json --json | jq -r .difference.place",
            "enclave replay report.recording.json > /dev/null; echo $?    # 0 the same, 1 different, 2 no recording");
        return command;
    }
}
