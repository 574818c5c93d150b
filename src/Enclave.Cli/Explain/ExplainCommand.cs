using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Cli.Replay;
using Enclave.Cli.Terminals;

namespace Enclave.Cli.Explain;

/// <summary>The options of <c>enclave explain</c>.</summary>
internal sealed class ExplainCommand
{
    private readonly Option<bool> _json = new("--json") { Description = "Print the explanation, with all kept steps, as one JSON object." };

    private readonly RecordingSource _source = new();

    private ExplainCommand()
    {
    }

    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var explain = new ExplainCommand();
        var command = new Command(
            "explain", "Shows why a recorded run failed: its timeline, the failing line with the values of its names, the steps before it.");
        command.Options.Add(explain._json);
        explain._source.AddTo(command);
        command.SetAction((parsed, _) => explain.RunAsync(terminal, parsed, interrupt.Token));
        HelpExamples.Add(
            command,
            "enclave run report.js --keep-recordings on-failure --store runs    # recording kept: ee36dc9d904f4eb8-1",
            "enclave explain ee36dc9d904f4eb8-1 --store runs",
            "enclave explain ee36dc9d904f4eb8-1 --store runs --json | jq .values",
            "enclave explain report.recording.json");
        return command;
    }

    private async Task<int> RunAsync(Terminal terminal, ParseResult parsed, CancellationToken cancellationToken)
    {
        ExecutionRecording recording = await _source.ReadAsync(parsed, cancellationToken).ConfigureAwait(false);
        var host = new EnclaveHost(_source.HostFor(recording, parsed));
        await using (host.ConfigureAwait(false))
        {
            RunExplanation explanation = await host.ExplainAsync(recording, cancellationToken).ConfigureAwait(false);
            foreach (string note in explanation.Notes) terminal.Error.WriteLine($"warning: {note}", Ink.Warning);
            if (parsed.GetValue(_json)) terminal.Output.WriteJson(explanation.ToJsonString());
            else new ExplanationPrinter(terminal.Output).Print(explanation);
            // A note and no step: this machine did not run the script.
            return explanation.StepCount > 0 || explanation.Notes.Count == 0 ? ExitCode.Success : ExitCode.HostFailed;
        }
    }
}
