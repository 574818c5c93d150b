using System.Buffers;
using Enclave.Audit;
using Enclave.Diagnostics;
using Enclave.Engine;
using Enclave.Guard;
using Enclave.Isolation;
using Enclave.Limits;
using Enclave.Linux;
using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;
using Enclave.Recording;
using Enclave.Runs;

namespace Enclave;

/// <content>What is kept of runs: the audit, and recordings.</content>
public sealed partial class EnclaveHost
{
    private readonly AuditLog? _audit;
    private EngineNote? _engine;

    /// <summary>Null where there is none, and for workers that are no processes.</summary>
    private EngineNote? Engine => ReferenceEquals(_plan.Machine, Machine.Nothing) ? null : _engine ??= EngineNote.Find(_options.EngineDirectory);

    private string EngineVersion => Engine?.V8 ?? "unknown";

    /// <summary>Runs a recording again: the same script with the same globals, limits, time and randomness, its tools answered from the recording in the recorded order. No tool is called.</summary>
    /// <param name="recording">The recording, which nobody need trust.</param>
    /// <param name="cancellationToken">Ends the replay; the task is then cancelled.</param>
    /// <returns>Whether the run did the same, or the first thing it did differently.</returns>
    /// <exception cref="ArgumentException">A limit of the recording is out of this host's range, a global has a name that no global may have, or the host has other libraries than the recording names.</exception>
    /// <exception cref="ObjectDisposedException">The host was disposed before this call.</exception>
    /// <remarks>
    /// A script that waits for less or other calls than it did is only found out when its time is up. What time or chance decided in the recorded run (TIMEOUT, memory, a full queue, a cancel) need not come out again.
    /// </remarks>
    public async Task<ReplayReport> ReplayAsync(ExecutionRecording recording, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        OptionsCheck.Check(recording.Options, _poolOptions);
        // The recorded globals have the recorded host's among them: this host's own stay out.
        _libraries.CheckSame(recording.Libraries);
        if (recording.Options.Globals is { } given) _libraries.CheckGlobals(given);
        byte[] globals = GlobalsEncoder.Encode(null, recording.Options.Globals);
        var course = new ReplayCourse(recording);
        AskedRun asked = Asked(recording.Code, recording.Options, globals, [.. recording.Options.Globals?.Keys ?? []], RunSeams.None, AuditedAs.Replay);
        ExecutionResult result = await BeginAsync(asked with { Course = course }, cancellationToken).ConfigureAwait(false);
        return new ReplayReport { Result = result, Difference = course.Conclude(result), Warnings = [.. Warnings(recording)] };
    }

    private AskedRun Asked(string code, RunOptions? options, byte[] globals, IReadOnlyCollection<string> names, RunSeams seams, AuditedAs kind)
    {
        ulong id = NextJob();
        return new AskedRun(id, code, options, globals, names, seams) { Trail = _audit?.Begin((long)id, code, options, kind) };
    }

    private async Task<ExecutionResult> RecordAsync(AskedRun asked, CancellationToken cancellationToken)
    {
        var course = new RecordingCourse(_options.TimeProvider, (recorded, result) => Recording(asked, recorded, result));
        ExecutionResult result = course.Attach(await BeginAsync(asked with { Course = course }, cancellationToken).ConfigureAwait(false));
        if (result.Recording is null) Log.NotRecorded(_log, ExecutionRecording.MaxRunBytes);
        return result;
    }

    private ExecutionRecording Recording(AskedRun asked, RecordingCourse recorded, ExecutionResult result)
    {
        RunLimits limits = Limits(asked.Options);
        var globals = new Dictionary<string, object?>(StringComparer.Ordinal);
        // What the script was given: the caller's own objects may have changed since.
        foreach ((string name, ScriptValue value) in ScriptValueCodec.Decode(new ReadOnlySequence<byte>(asked.Globals), ValueLimits.Widest).Properties) globals[name] = value;

        return new ExecutionRecording
        {
            Code = asked.Code,
            Options = new RunOptions
            {
                Timeout = Clock.Time(limits.TimeoutMicroseconds),
                CpuTimeout = Clock.Time(limits.CpuMicroseconds),
                MemoryLimit = limits.MemoryBytes,
                MaxToolCalls = limits.MaxToolCalls,
                MaxIterations = limits.MaxIterations,
                MaxConsoleCalls = limits.MaxConsoleCalls,
                MaxConsoleBytes = limits.MaxConsoleBytes,
                SourceName = asked.Options?.SourceName ?? "script.js",
                Language = asked.Options?.Language,
                Globals = globals,
            },
            SecurityLevel = _options.SecurityLevel,
            Preset = _options.Preset,
            Validate = _options.Validate,
            Libraries = _libraries.All.ToDictionary((library) => library.Name, (library) => library.Sha256, StringComparer.Ordinal),
            EngineVersion = EngineVersion,
            StartTime = DateTimeOffset.FromUnixTimeMilliseconds(recorded.Origin.Milliseconds),
            Seed = recorded.Origin.Seed,
            Events = recorded.Events,
            Result = result,
        };
    }

    private IEnumerable<string> Warnings(ExecutionRecording recording)
    {
        if (recording.EngineVersion != EngineVersion) yield return $"the recording was made with V8 {recording.EngineVersion}; this is V8 {EngineVersion}";
        if (recording.SecurityLevel != _options.SecurityLevel) yield return $"the recording was made at {recording.SecurityLevel}; this host is at {_options.SecurityLevel}";
        if (recording.Preset != _options.Preset) yield return $"the recording was made with the rules {recording.Preset}; this host has {_options.Preset}";
        if (recording.Validate != _options.Validate) yield return $"the recording was made with Validate = {recording.Validate}; this host has {_options.Validate}";
    }

    /// <summary>The answer of a run that never becomes a job.</summary>
    private static Task<ExecutionResult> Refused(AskedRun asked, ExecutionError error)
    {
        asked.Trail?.Refused(error.Code.ToCode());
        return Task.FromResult(ResultBuilder.Failure(error, new ExecutionStats(), ""));
    }

    /// <summary>The answer of a run that would have no record: it is counted instead.</summary>
    private static Task<ExecutionResult> RefusedByAudit(AuditLog audit)
    {
        audit.Drop();
        return Task.FromResult(ResultBuilder.Failure(AuditIsFull(audit.Options), new ExecutionStats(), ""));
    }

    private static ExecutionError AuditIsFull(AuditOptions options) => new()
    {
        Code = ErrorCode.QueueFull,
        Name = ErrorCode.QueueFull.ToCode(),
        Message = $"{options.QueueSize} audit records wait for the sink (AuditOptions.QueueSize), and without an audit no run is taken (AuditOptions.WhenFull): see to the sink: docs/errors/QUEUE_FULL.md",
        Data = new Dictionary<string, object?> { ["reason"] = "audit", ["limit"] = options.QueueSize },
    };
}
