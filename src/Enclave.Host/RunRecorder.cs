using System.Buffers;
using Enclave.Diagnostics;
using Enclave.Linux;
using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;
using Enclave.Recording;

namespace Enclave;

/// <summary>Records runs so that they can be repeated.</summary>
/// <param name="host">The host.</param>
internal sealed class RunRecorder(HostParts host)
{
    /// <summary>Runs and records.</summary>
    /// <param name="asked">The run.</param>
    /// <param name="begin">Starts the run.</param>
    public async Task<ExecutionResult> RecordAsync(RequestedRun asked, Func<RequestedRun, Task<ExecutionResult>> begin)
    {
        var determinism = new RecordedDeterminism(host.Options.TimeProvider, (recorded, result) => Recording(asked, recorded, result));
        ExecutionResult result = determinism.Attach(await begin(asked with { Determinism = determinism }).ConfigureAwait(false));
        if (result.Recording is null) Log.NotRecorded(host.Log, asked.RunId, ExecutionRecording.MaxRunBytes);
        return result;
    }

    private ExecutionRecording Recording(RequestedRun asked, RecordedDeterminism recorded, ExecutionResult result)
    {
        RunLimits limits = host.Limits.Of(asked.Options);
        var globals = new Dictionary<string, object?>(StringComparer.Ordinal);
        // The encoded globals: the caller's own objects may have changed since.
        foreach ((string name, ScriptValue value) in ScriptValueCodec.Decode(new ReadOnlySequence<byte>(asked.Globals), ValueLimits.Widest).Properties)
            globals[name] = value;

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
                SourceName = asked.Options?.SourceName ?? RunOptions.DefaultSourceName,
                Language = asked.Options?.Language,
                Globals = globals,
            },
            SecurityLevel = host.Options.SecurityLevel,
            Preset = host.Options.Preset,
            Validate = host.Options.Validate,
            Libraries = host.Libraries.All.ToDictionary((library) => library.Name, (library) => library.Sha256, StringComparer.Ordinal),
            EngineVersion = host.Engine.Version,
            StartTime = DateTimeOffset.FromUnixTimeMilliseconds(recorded.Origin.Milliseconds),
            Seed = recorded.Origin.Seed,
            Events = recorded.Events,
            Result = result,
        };
    }

    /// <summary>The differences between this host and the one of a recording.</summary>
    public IEnumerable<string> Warnings(ExecutionRecording recording)
    {
        if (recording.EngineVersion != host.Engine.Version)
            yield return $"the recording was made with V8 {recording.EngineVersion}; this is V8 {host.Engine.Version}";
        if (recording.SecurityLevel != host.Options.SecurityLevel)
            yield return $"the recording was made at {recording.SecurityLevel}; this host is at {host.Options.SecurityLevel}";
        if (recording.Preset != host.Options.Preset)
            yield return $"the recording was made with the rules {recording.Preset}; this host has {host.Options.Preset}";
        if (recording.Validate != host.Options.Validate)
            yield return $"the recording was made with Validate = {recording.Validate}; this host has {host.Options.Validate}";
    }
}
