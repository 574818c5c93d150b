using System.Collections.Concurrent;
using Enclave.Journals;
using Enclave.Protocol;

namespace Enclave.Tenants.Scripts;

/// <summary>Replays recordings with another version of their script, several at once on one host.</summary>
/// <param name="host">The host.</param>
/// <param name="recordings">The recordings.</param>
/// <param name="schemas">The schemas of parameters.</param>
internal sealed class Rehearsal(IEnclave host, KeepRecordings recordings, ParameterSchemas schemas)
{
    /// <summary>The rehearsals at the same time. More would only wait in the host's queue, and each holds a recording in memory.</summary>
    private static readonly int s_atOnce = Math.Min(Environment.ProcessorCount, 8);

    /// <summary>Rehearses a version with the last runs of its script.</summary>
    /// <param name="script">The script.</param>
    /// <param name="version">The version.</param>
    /// <param name="code">Its text.</param>
    /// <param name="tenant">The tenant of the runs.</param>
    /// <param name="last">The most runs.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<RehearsedRun>> RunAsync(
        SavedScript script, SavedVersion version, string code, string? tenant, int last, CancellationToken cancellationToken)
    {
        HostParts parts = host.Parts ?? throw new NotSupportedException("Only an EnclaveHost rehearses scripts.");
        IReadOnlyList<RunKey> runs = await recordings.Store.FindAsync(tenant, script.Name, last, cancellationToken).ConfigureAwait(false);
        var done = new ConcurrentDictionary<RunKey, RehearsedRun>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = s_atOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(runs, options, async (run, token) =>
            done[run] = await OneAsync(parts, run, script, version, code, token).ConfigureAwait(false)).ConfigureAwait(false);
        return [.. runs.Select((run) => done[run])];
    }

    private async Task<RehearsedRun> OneAsync(
        HostParts parts, RunKey run, SavedScript script, SavedVersion version, string code, CancellationToken cancellationToken)
    {
        string name = $"{script.Name}@{version.Number}";
        try
        {
            if (await recordings.FindAsync(run.Name, run.Tenant, cancellationToken).ConfigureAwait(false) is not { } recording)
                return NotReplayed(run, "newer recordings have taken its place");
            // The file's name is not sealed. The recording is.
            if (recording.Script is not { } made || ScriptKey.Parse(made).Name != script.Name) return NotReplayed(run, "it is a recording of another script");
            if (recording.Options.Globals?.GetValueOrDefault("args") is ScriptValue arguments)
                schemas.Hold(name, version.Parameters, arguments, cancellationToken);
            ReplayReport report = await RecordingFeature.RehearseAsync(parts, recording, code, version.Language, name, cancellationToken).ConfigureAwait(false);
            RehearsalOutcome outcome = OutcomeOf(recording.Result, report);
            return new RehearsedRun(run.Name, outcome, outcome == RehearsalOutcome.Equal ? null : report.Difference, null);
        }
        catch (SavedScriptException fault) when (fault.Fault == SavedScriptFault.Arguments)
        {
            return new RehearsedRun(run.Name, RehearsalOutcome.Failed, null, fault.Message);
        }
        catch (Exception fault) when (fault is ArgumentException or JournalException or InvalidDataException or SavedScriptException)
        {
            return NotReplayed(run, fault.Message);
        }
    }

    private static RehearsalOutcome OutcomeOf(ExecutionResult then, ReplayReport report)
    {
        if (report.Difference is not { } difference) return RehearsalOutcome.Equal;
        if (difference.Kind == ReplayDifferenceKind.ToolCall) return RehearsalOutcome.OtherCalls;
        if (report.Result.Error is not { } error) return RehearsalOutcome.OtherValue;
        // Do not compare stacks: they contain the name and the lines of the version.
        return then.Error is { } recorded && (recorded.Code, recorded.Name, recorded.Message) == (error.Code, error.Name, error.Message)
            ? RehearsalOutcome.Equal : RehearsalOutcome.Failed;
    }

    private static RehearsedRun NotReplayed(RunKey run, string why) => new(run.Name, RehearsalOutcome.NotReplayed, null, why);
}
