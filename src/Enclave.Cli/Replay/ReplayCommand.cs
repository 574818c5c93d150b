using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Terminals;

namespace Enclave.Cli.Replay;

/// <summary>The options of <c>enclave replay</c>.</summary>
internal sealed class ReplayCommand
{
    private readonly Argument<string> _file = OptionFactory.Files(
        new Argument<string>("FILE") { Description = "A recording of run --record, or with --store the id of a run. - is standard input." });

    private readonly Option<bool> _json = new("--json") { Description = "Print the report as one JSON object." };

    private readonly Option<IsolationLayer[]?> _allowDegraded = OptionFactory.Object<IsolationLayer[]>(
        "--allow-degraded-isolation",
        "LAYER,...|all", "Run although this machine lacks these layers, which the recording's level requires.", Layers.Form, Layers.TryParse);

    private readonly Option<ScriptEngine?> _engine = OptionFactory.Engine();

    private readonly LibraryOption _libraries = new();

    private readonly StoreOptionSet _store = new();

    private ReplayCommand()
    {
    }

    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var replay = new ReplayCommand();
        var command = new Command("replay", "Repeats a recorded run with the recorded answers of its tools, and reports the first difference.")
        {
            replay._file, replay._json, replay._libraries.Option, replay._engine, replay._allowDegraded,
        };
        foreach (Option option in replay._store.OfRecordings) command.Options.Add(option);
        command.SetAction((parsed, _) => new ReplayRun(terminal, parsed.GetValue(replay._json)).RunAsync(
            (token) => replay.ReadAsync(parsed, token), parsed.GetValue(replay._engine), parsed.GetValue(replay._allowDegraded) ?? [],
            replay._libraries.Read(parsed), interrupt.Token));
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

    private async Task<ExecutionRecording> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string file = parsed.GetValue(_file)!;
        if (!_store.IsGiven(parsed))
        {
            if (_store.Tenant(parsed) is not null) throw new UsageException("--tenant needs --store FOLDER.");
            return await ReplayRun.ReadAsync(file, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return await _store.ReadRecordings(parsed).FindAsync(file, _store.Tenant(parsed), cancellationToken).ConfigureAwait(false)
                ?? throw new UsageException($"{_store.Folder(parsed)} has no recording of a run {file}.");
        }
        catch (Exception fault) when (fault is JournalException or InvalidDataException)
        {
            throw new UsageException($"the recording of {file} cannot be read: {fault.Message}");
        }
    }
}
