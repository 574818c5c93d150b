using Enclave.Audit;
using Enclave.Diagnostics;
using Enclave.Explaining;
using Enclave.Journals;
using Enclave.Limits;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Recording;
using Enclave.Runs;

namespace Enclave;

/// <summary>Recordings (<see cref="RunOptions.Record"/>, <c>EnclaveOptions.KeepRecordings</c>), and their replays.</summary>
internal sealed class RecordingFeature : IRunFeature
{
    public void Check(OptionFaults wrong, EnclaveOptions options, WorkerPoolOptions pool)
    {
        if (options.KeepRecordings is not { } keep) return;
        ArgumentNullException.ThrowIfNull(keep.Store);
        ArgumentNullException.ThrowIfNull(keep.Keys);
        wrong.Range("KeepRecordings.MaxRuns", keep.MaxRuns, 1, 100_000);
        wrong.Range("KeepRecordings.MaxBytes", keep.MaxBytes, 1 << 20, 1L << 50, "bytes");
        JournalKeys.Check(wrong, "KeepRecordings.Keys", keep.Keys);
    }

    public Task<ExecutionResult>? Observe(HostParts host, RequestedRun asked, Func<RequestedRun, Task<ExecutionResult>> begin) =>
        asked.Options is { Record: true } || host.Settings.Options.KeepRecordings is not null ? RecordAsync(host, asked, begin) : null;

    /// <summary>Runs a recording again with its own globals, limits, time and randomness. Its tools are answered from the recording.</summary>
    /// <param name="host">The host.</param>
    /// <param name="recording">The recording.</param>
    /// <param name="trace">Makes the program, and follows it; null for the program that was recorded.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    public static Task<ReplayReport> ReplayAsync(
        HostParts host, ExecutionRecording recording, RunTrace? trace, CancellationToken cancellationToken) =>
        ReplayAsync(host, recording, trace, new ReplayedDeterminism(recording, trace), cancellationToken);

    /// <summary>Runs another script with the globals, limits, time, randomness and answers of a recording. Only its calls and its end are compared.</summary>
    /// <param name="host">The host.</param>
    /// <param name="recording">The recording.</param>
    /// <param name="code">The other script.</param>
    /// <param name="language">Its language.</param>
    /// <param name="name">Its name, as <c>report@4</c>.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    public static Task<ReplayReport> RehearseAsync(
        HostParts host, ExecutionRecording recording, string code, ScriptLanguage language, string name, CancellationToken cancellationToken)
    {
        RunOptions options = recording.Options with { SourceName = name, SavedScript = name, Language = language };
        var determinism = new ReplayedDeterminism(recording, watch: null, comparesConsole: false);
        return ReplayAsync(host, recording with { Code = code, Options = options }, trace: null, determinism, cancellationToken);
    }

    private static async Task<ReplayReport> ReplayAsync(
        HostParts host, ExecutionRecording recording, RunTrace? trace, ReplayedDeterminism determinism, CancellationToken cancellationToken)
    {
        ResolvedOptions settings = host.Settings;
        OptionsCheck.Check(recording.Options, settings.Sizes);
        // The recorded globals include the recorded host's, so this host's own are left out.
        settings.Libraries.CheckSame(recording.Libraries);
        if (recording.Options.Globals is { } given) settings.Libraries.CheckGlobals(given);
        string[] names = [.. recording.Options.Globals?.Keys ?? [], .. RunFeatures.GlobalsOf(recording.Options).Select((global) => global.Name)];
        RunOptions options = recording.Options with { Preset = recording.Preset };
        if (trace is not null) options = RunTrace.Widen(options, recording.Result.Error?.Code);
        var run = new FeatureRun(
            recording.Code, options, GlobalsEncoder.EncodeKept(recording.Options.Globals), names, determinism, RunHooks.None, AuditedRunKind.Replay)
        {
            Rewrite = trace is null ? null : trace.Rewrite,
        };
        ExecutionResult result = await host.Pipeline.RunAsync(run, cancellationToken).ConfigureAwait(false);
        return new ReplayReport { Result = result, Difference = determinism.Conclude(result), Warnings = [.. Warnings(host, recording)] };
    }

    /// <summary>Runs and records. The answer comes after a recording that is kept.</summary>
    private static async Task<ExecutionResult> RecordAsync(HostParts host, RequestedRun asked, Func<RequestedRun, Task<ExecutionResult>> begin)
    {
        KeepRecordings? keep = host.Settings.Options.KeepRecordings;
        asked = asked with { Globals = host.ToolsValue.Keep(asked.Code, asked.Options, asked.Globals) };
        var determinism = new RecordedDeterminism(
            host.Settings.Options.TimeProvider, (recorded, result) => Recording(host, asked, recorded, result));
        ExecutionResult result = determinism.Attach(await begin(asked with { Determinism = determinism }).ConfigureAwait(false));
        bool isAsked = asked.Options is { Record: true }, isKept = determinism.HasStarted && keep?.Wants(result) == true;
        if (result.Recording is not { } recording)
        {
            if (isAsked || isKept) Log.NotRecorded(host.Logger, asked.RunId, ExecutionRecording.MaxRunBytes);
            return result;
        }

        if (isKept) await KeepAsync(host, keep!, asked, recording).ConfigureAwait(false);
        return isAsked ? result : result with { Recording = null };
    }

    private static async Task KeepAsync(HostParts host, KeepRecordings keep, RequestedRun asked, ExecutionRecording recording)
    {
        try
        {
            DateTimeOffset now = host.Settings.Options.TimeProvider.GetUtcNow();
            bool isKept = await keep.KeepAsync(asked.RunId, asked.Options?.Tenant, recording, now).ConfigureAwait(false);
            if (!isKept) Log.RecordingNotKept(host.Logger, asked.RunId, $"it has more than {keep.MaxBytes} bytes (KeepRecordings.MaxBytes)");
        }
#pragma warning disable CA1031 // A failure of the store must not change the answer of the run.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.RecordingNotKept(host.Logger, asked.RunId, fault.Message);
        }
    }

    private static ExecutionRecording Recording(HostParts host, RequestedRun asked, RecordedDeterminism recorded, ExecutionResult result)
    {
        RunLimits limits = host.Settings.Limits.Of(asked.Options);
        return new ExecutionRecording
        {
            Code = asked.Code,
            Options = RunOptions.Of(limits) with
            {
                SourceName = asked.Options?.SourceName ?? RunOptions.DefaultSourceName,
                SavedScript = asked.Options?.SavedScript,
                Language = asked.Options?.Language,
                Conversation = asked.Options?.Conversation is null ? null : RecordingFile.Conversation,
                ShowsLimits = asked.Options?.ShowsLimits == true,
                // The encoded globals: the caller's own objects may have changed since.
                Globals = GlobalsEncoder.Decode(asked.Globals),
            },
            SecurityLevel = host.Settings.Options.SecurityLevel,
            Preset = host.Settings.Options.PresetOf(asked.Options),
            Validate = host.Settings.Options.Validate,
            Libraries = host.Settings.Libraries.All.ToDictionary((library) => library.Name, (library) => library.Sha256, StringComparer.Ordinal),
            EngineVersion = host.Workers.Engine.Version,
            StartTime = DateTimeOffset.FromUnixTimeMilliseconds(recorded.Origin.Milliseconds),
            Seed = recorded.Origin.Seed,
            Secret = recorded.Origin.Secret,
            Events = recorded.Events,
            Result = result,
        };
    }

    /// <summary>The differences between this host and the one of a recording.</summary>
    private static IEnumerable<string> Warnings(HostParts host, ExecutionRecording recording)
    {
        if (recording.EngineVersion != host.Workers.Engine.Version)
            yield return $"the recording was made with V8 {recording.EngineVersion}; this is V8 {host.Workers.Engine.Version}";
        if (recording.SecurityLevel != host.Settings.Options.SecurityLevel)
            yield return $"the recording was made at {recording.SecurityLevel}; this host is at {host.Settings.Options.SecurityLevel}";
        if (recording.Validate != host.Settings.Options.Validate)
            yield return $"the recording was made with Validate = {recording.Validate}; this host has {host.Settings.Options.Validate}";
    }
}
