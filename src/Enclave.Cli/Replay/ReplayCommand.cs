using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Terminals;

namespace Enclave.Cli.Replay;

/// <summary><c>enclave replay</c>: its options.</summary>
internal sealed class ReplayCommand
{
    private readonly Argument<string> _file = OptionFactory.Files(new Argument<string>("FILE") { Description = "A recording, as run --record writes it. - is standard input." });

    private readonly Option<bool> _json = new("--json") { Description = "Print the report as one JSON object." };

    private readonly Option<IsolationLayer[]?> _allowDegraded = OptionFactory.Object<IsolationLayer[]>(
        "--allow-degraded-isolation", "LAYER,...|all", "Run although this machine lacks these layers, which the recording's level demands.", Layers.Form, Layers.TryParse);

    private readonly LibraryOption _libraries = new();

    private ReplayCommand()
    {
    }

    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var replay = new ReplayCommand();
        var command = new Command("replay", "Runs a recorded run again, with its tools' recorded answers, and tells the first thing that is different.")
        {
            replay._file, replay._json, replay._libraries.Option, replay._allowDegraded,
        };
        command.SetAction((parsed, _) => new ReplayRun(terminal, parsed.GetValue(replay._json)).RunAsync(
            parsed.GetValue(replay._file)!, parsed.GetValue(replay._allowDegraded) ?? [], replay._libraries.Read(parsed), interrupt.Token));
        HelpExamples.Add(
            command,
            "enclave run report.js --record report.recording.json",
            "enclave replay report.recording.json",
            "enclave replay report.recording.json --library dayjs=node_modules/dayjs/dayjs.min.js",
            "enclave replay report.recording.json --json | jq -r .difference.place",
            "enclave replay report.recording.json > /dev/null; echo $?    # 0 the same, 1 different, 2 no recording");
        return command;
    }
}
