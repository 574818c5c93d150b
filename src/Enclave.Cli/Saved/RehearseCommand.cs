using System.CommandLine;
using System.Text.Json.Nodes;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Parse;
using Enclave.Cli.Replay;
using Enclave.Cli.Terminals;
using Enclave.Journals;
using Enclave.Tenants;
using Enclave.Tenants.Scripts;

namespace Enclave.Cli.Saved;

/// <summary><c>enclave scripts rehearse</c>: a version against the recordings of earlier runs.</summary>
internal sealed class RehearseCommand(Terminal terminal, Interrupt interrupt)
{
    private const int MostShown = 20;

    private readonly Argument<string> _name = new("NAME") { Description = "The version, as report@4; without a version the newest." };

    private readonly Option<int?> _last = OptionFactory.Count("--last", "The most recordings, the newest first. Default: 1000.", 1, 100_000);

    private readonly Option<bool> _activate = new("--activate-if-equal") { Description = "Activate the version if it did the same with all recordings." };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    private readonly Option<IsolationLayer[]?> _allowDegraded = OptionFactory.Object<IsolationLayer[]>(
        "--allow-degraded-isolation", "LAYER,...|all", "Run although this machine lacks these layers, which the recordings' level requires.", Layers.Form,
        Layers.TryParse);

    private readonly LibraryOption _libraries = new();

    private readonly StoreOptionSet _store = new();

    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var rehearse = new RehearseCommand(terminal, interrupt);
        var command = new Command("rehearse", "Runs a version with the inputs and answers of recorded runs, and shows where it differs. No tool is called.")
        {
            rehearse._name, rehearse._last, rehearse._activate, rehearse._libraries.Option, rehearse._allowDegraded, rehearse._json,
        };
        foreach (Option option in rehearse._store.OfRecordings) command.Options.Add(option);
        command.SetAction((parsed, _) => rehearse.RunAsync(parsed));
        HelpExamples.Add(
            command,
            "enclave run --saved report --keep-recordings always --store store",
            "enclave scripts rehearse report@4 --last 1000 --store store",
            "enclave scripts rehearse report@4 --tenant acme --store store --activate-if-equal",
            "enclave scripts rehearse report@4 --store store --json | jq '.runs[] | select(.outcome == \"otherCalls\")'");
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        KeepRecordings recordings = _store.ReadRecordings(parsed);
        (string reference, string? tenant) = (parsed.GetValue(_name)!, _store.Tenant(parsed));
        int last = parsed.GetValue(_last) ?? 1000;
        try
        {
            // One host replays all recordings, at the level of the newest one.
            ExecutionRecording newest = await NewestAsync(recordings, ScriptKey.Parse(reference).Name, tenant).ConfigureAwait(false)
                ?? throw new UsageException($"there is no recording of {reference} for {tenant ?? "runs without a tenant"}: "
                    + "enclave run --saved NAME --keep-recordings always --store FOLDER keeps them.");
            var host = new EnclaveHost(Options(newest, parsed));
            await using (host.ConfigureAwait(false))
            {
                var scripts = new SavedScripts(ScriptStore.InFolder(_store.Folder(parsed)!), host);
                ScriptRehearsal rehearsal = await scripts.RehearseAsync(
                    reference, recordings, tenant, last, parsed.GetValue(_activate), interrupt.Token).ConfigureAwait(false);
                if (parsed.GetValue(_json)) terminal.Output.WriteJson(Json(rehearsal).ToJsonString());
                else Print(rehearsal);
                return rehearsal.IsEqual ? ExitCode.Success : ExitCode.ScriptFailed;
            }
        }
        catch (Exception fault) when (fault is JournalException or InvalidDataException)
        {
            throw new UsageException($"the recordings cannot be read: {fault.Message}");
        }
    }

    private async Task<ExecutionRecording?> NewestAsync(KeepRecordings recordings, string script, string? tenant)
    {
        foreach (RunKey run in await recordings.Store.FindAsync(tenant, script, 10, interrupt.Token).ConfigureAwait(false))
        {
            if (await recordings.FindAsync(run.Name, tenant, interrupt.Token).ConfigureAwait(false) is { } found) return found;
        }

        return null;
    }

    private EnclaveOptions Options(ExecutionRecording recording, ParseResult parsed)
    {
        var settings = new HostSettings
        {
            Level = recording.SecurityLevel,
            Validate = recording.Validate,
            Limits = new LimitSettings { Preset = recording.Preset, MemoryLimit = recording.Options.MemoryLimit },
            AllowDegradedIsolation = parsed.GetValue(_allowDegraded) ?? [],
            Libraries = _libraries.Read(parsed),
            Fetch = RecordingSource.FetchFor(recording),
        };
        EnclaveOptions options = settings.ToOptions(settings.Level, tools: null);
        WorkerPoolOptions pool = options.WorkerPool!;
        options.Adapter = EnclaveAdapter.WorkerPool;
        int workers = Environment.ProcessorCount;
        options.WorkerPool = pool with { MinWorkers = workers, MaxWorkers = workers };
        return options;
    }

    private void Print(ScriptRehearsal rehearsal)
    {
        RehearsedRun[] others = [.. rehearsal.Runs.Where((run) => run.Outcome != RehearsalOutcome.Equal)];
        foreach (RehearsedRun run in others.Take(MostShown))
        {
            terminal.Output.WriteLine($"{run.RunId}: {Words(run.Outcome)}{(run.Difference is { } where ? $", {where.Place}" : "")}", Ink.Error);
            if (run.Why is { } why) terminal.Output.WriteLine($"  {why}");
            if (run.Difference is not { } difference) continue;
            terminal.Output.WriteLine($"  expected: {difference.Recorded}");
            terminal.Output.WriteLine($"  got:      {difference.Replayed}");
            if (difference.Path is { } path) terminal.Output.WriteLine($"  at {path}: expected {difference.RecordedPart}, got {difference.ReplayedPart}");
        }

        if (others.Length > MostShown) terminal.Output.WriteLine($"… {others.Length - MostShown} more; --json has all", Ink.Faint);
        string counts = string.Join(", ", Enum.GetValues<RehearsalOutcome>().Select((outcome) => (outcome, Count: rehearsal.Count(outcome)))
            .Where((one) => one.Count > 0).Select((one) => $"{one.Count} {Words(one.outcome)}"));
        terminal.Output.WriteLine($"{rehearsal.Script} with {Plural.Of(rehearsal.Runs.Count, "recording")}: {counts}");
        if (rehearsal.IsActivated) terminal.Output.WriteLine($"{rehearsal.Script}: active");
    }

    private static JsonObject Json(ScriptRehearsal rehearsal) => new()
    {
        ["script"] = rehearsal.Script,
        ["equal"] = rehearsal.IsEqual,
        ["activated"] = rehearsal.IsActivated,
        ["runs"] = new JsonArray([.. rehearsal.Runs.Select((run) => (JsonNode)Json(run))]),
    };

    private static JsonObject Json(RehearsedRun run)
    {
        var node = new JsonObject { ["runId"] = run.RunId, ["outcome"] = System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(run.Outcome.ToString()) };
        if (run.Why is { } why) node["why"] = why;
        if (run.Difference is not { } difference) return node;
        JsonNode written = JsonNode.Parse(ParseJson.Write((writer) =>
        {
            writer.WriteStartObject();
            ReplayRun.WriteDifference(writer, difference);
            writer.WriteEndObject();
        }))!;
        node["difference"] = written["difference"]!.DeepClone();
        return node;
    }

    private static string Words(RehearsalOutcome outcome) => outcome switch
    {
        RehearsalOutcome.Equal => "equal",
        RehearsalOutcome.OtherValue => "with another value",
        RehearsalOutcome.OtherCalls => "with other calls",
        RehearsalOutcome.Failed => "failed",
        _ => "not replayed",
    };
}
