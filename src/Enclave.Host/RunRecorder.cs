using Enclave.Diagnostics;
using Enclave.Limits;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Recording;
using Enclave.Workers.Engines;
using Microsoft.Extensions.Logging;

namespace Enclave;

/// <summary>Records runs so that they can be repeated.</summary>
/// <param name="settings">The host's options.</param>
/// <param name="engine">The host's engine.</param>
/// <param name="tools">The tools as a value.</param>
/// <param name="log">The host's log.</param>
internal sealed class RunRecorder(ResolvedOptions settings, HostEngine engine, ToolsValue tools, ILogger log)
{
    /// <summary>True for a run that is recorded.</summary>
    public bool Records(RequestedRun asked) => asked.Options is { Record: true } || settings.Options.KeepRecordings is not null;

    /// <summary>Runs and records. The answer comes after a recording that is kept.</summary>
    /// <param name="asked">The run.</param>
    /// <param name="begin">Starts the run.</param>
    public async Task<ExecutionResult> RecordAsync(RequestedRun asked, Func<RequestedRun, Task<ExecutionResult>> begin)
    {
        asked = asked with { Globals = tools.Keep(asked.Code, asked.Options, asked.Globals) };
        var determinism = new RecordedDeterminism(settings.Options.TimeProvider, (recorded, result) => Recording(asked, recorded, result));
        ExecutionResult result = determinism.Attach(await begin(asked with { Determinism = determinism }).ConfigureAwait(false));
        bool isAsked = asked.Options is { Record: true }, isKept = determinism.HasStarted && settings.Options.KeepRecordings?.Wants(result) == true;
        if (result.Recording is not { } recording)
        {
            if (isAsked || isKept) Log.NotRecorded(log, asked.RunId, ExecutionRecording.MaxRunBytes);
            return result;
        }

        if (isKept) await KeepAsync(settings.Options.KeepRecordings!, asked, recording).ConfigureAwait(false);
        return isAsked ? result : result with { Recording = null };
    }

    private async Task KeepAsync(KeepRecordings keep, RequestedRun asked, ExecutionRecording recording)
    {
        try
        {
            bool isKept = await keep.KeepAsync(asked.RunId, asked.Options?.Tenant, recording, settings.Options.TimeProvider.GetUtcNow()).ConfigureAwait(false);
            if (!isKept) Log.RecordingNotKept(log, asked.RunId, $"it has more than {keep.MaxBytes} bytes (KeepRecordings.MaxBytes)");
        }
#pragma warning disable CA1031 // The run has its answer, whatever the store does.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.RecordingNotKept(log, asked.RunId, fault.Message);
        }
    }

    private ExecutionRecording Recording(RequestedRun asked, RecordedDeterminism recorded, ExecutionResult result)
    {
        RunLimits limits = settings.Limits.Of(asked.Options);
        return new ExecutionRecording
        {
            Code = asked.Code,
            Options = RunOptions.Of(limits) with
            {
                SourceName = asked.Options?.SourceName ?? RunOptions.DefaultSourceName,
                Language = asked.Options?.Language,
                Conversation = asked.Options?.Conversation is null ? null : RecordingFile.Conversation,
                // The encoded globals: the caller's own objects may have changed since.
                Globals = GlobalsEncoder.Decode(asked.Globals),
            },
            SecurityLevel = settings.Options.SecurityLevel,
            Preset = settings.Options.PresetOf(asked.Options),
            Validate = settings.Options.Validate,
            Libraries = settings.Libraries.All.ToDictionary((library) => library.Name, (library) => library.Sha256, StringComparer.Ordinal),
            EngineVersion = engine.Version,
            StartTime = DateTimeOffset.FromUnixTimeMilliseconds(recorded.Origin.Milliseconds),
            Seed = recorded.Origin.Seed,
            Secret = recorded.Origin.Secret,
            Events = recorded.Events,
            Result = result,
        };
    }

    /// <summary>The differences between this host and the one of a recording.</summary>
    public IEnumerable<string> Warnings(ExecutionRecording recording)
    {
        if (recording.EngineVersion != engine.Version)
            yield return $"the recording was made with V8 {recording.EngineVersion}; this is V8 {engine.Version}";
        if (recording.SecurityLevel != settings.Options.SecurityLevel)
            yield return $"the recording was made at {recording.SecurityLevel}; this host is at {settings.Options.SecurityLevel}";
        if (recording.Validate != settings.Options.Validate)
            yield return $"the recording was made with Validate = {recording.Validate}; this host has {settings.Options.Validate}";
    }
}
