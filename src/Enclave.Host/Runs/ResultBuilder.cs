using Enclave.Limits;
using Enclave.Processes;
using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;

namespace Enclave.Runs;

/// <summary>Makes the answer of a job from the worker's result, or from the way it ended.</summary>
internal sealed class ResultBuilder(bool verbose, WorkerPoolOptions pool)
{
    private readonly FailureText _texts = new(pool);

    /// <exception cref="ProtocolException">The payload does not match its status.</exception>
    public ExecutionResult FromWorker(ExecutionJob job, in ResultMessage result, ExecutionStats stats, string stdout)
    {
        switch (result.Status)
        {
            case RunStatus.Value:
                if (ValueBounds.Exceeded(result.Cost, job.Memory.PerRun) is { } why) return Failed(job, ErrorCode.OutputLimit, why, stats, stdout);
                var reader = new MessagePackReader(result.Payload);
                ScriptValue value = ScriptValueCodec.Read(ref reader, ToolDispatcher.Bounds(job));
                return new ExecutionResult { Value = value, Error = null, Stats = stats, Stdout = stdout, RunId = job.RunId };
            case RunStatus.Error:
                return Failure(Describe(job, ScriptError.Read(result.Payload)), stats, stdout, job.RunId);
            default:
                return Failure(Describe(job, result), stats, stdout, job.RunId);
        }
    }

    public ExecutionResult Failed(ExecutionJob job, ErrorCode code, string why, ExecutionStats stats, string stdout) =>
        Failure(_texts.For(job, code, why), stats, stdout, job.RunId);

    public ExecutionResult FailedByExit(ExecutionJob job, ErrorCode code, in ProcessExit exit, string why, ExecutionStats stats, string stdout)
    {
        ExecutionError error = _texts.For(job, code, why);
        var data = new Dictionary<string, object?>(error.Data ?? new Dictionary<string, object?>()) { ["exit"] = exit.Code };
        return Failure(error with { Data = data }, stats, stdout, job.RunId);
    }

    /// <param name="error">Why it failed.</param>
    /// <param name="stats">Its time and memory.</param>
    /// <param name="stdout">Its console output.</param>
    /// <param name="runId">The id of its run; null if it has none.</param>
    public static ExecutionResult Failure(ExecutionError error, ExecutionStats stats, string stdout, string? runId) =>
        new() { Value = ScriptValue.Undefined, Error = error, Stats = stats, Stdout = stdout, RunId = runId };

    private ExecutionError Describe(ExecutionJob job, in ResultMessage result)
    {
        (StopReason reason, long where) = result.ReadStop();
        return reason switch
        {
            StopReason.Iterations => FailureText.Iterations(job, where, result.Usage.Iterations),
            StopReason.Deadline or StopReason.Cpu => FailureText.Timeout(
                job, reason == StopReason.Cpu ? "cpu" : "deadline", LineAt(job, where), result.Usage.CpuMicroseconds),
            _ => Describe(job, reason),
        };
    }

    /// <summary>The user's line of a place in the text that ran (docs/protocol.md, Result); null for none. The worker may say anything.</summary>
    private static int? LineAt(ExecutionJob job, long place) =>
        place is <= 0 or > int.MaxValue ? null
            : job.Script.Original((int)(place / ProtocolLimits.PlaceColumns), Math.Max(0, (int)(place % ProtocolLimits.PlaceColumns) - 1))?.Line;

    private ExecutionError Describe(ExecutionJob job, StopReason reason) => reason switch
    {
        StopReason.Memory => _texts.For(job, ErrorCode.MemoryLimitExceeded, "V8 heap"),
        StopReason.ToolCalls => _texts.For(job, ErrorCode.MaxToolCalls, "total"),
        StopReason.PendingToolCalls => _texts.For(job, ErrorCode.MaxToolCalls, "pending"),
        StopReason.ConsoleCalls => _texts.For(job, ErrorCode.OutputLimit, "console calls"),
        StopReason.ConsoleBytes => _texts.For(job, ErrorCode.OutputLimit, "console bytes"),
        // Only if the host asked the worker to suspend the run.
        StopReason.Suspended when job.Determinism?.Waits is { IsSuspending: true } => _texts.For(job, ErrorCode.Suspended, "the run was put aside"),
        StopReason.Cancelled => _texts.For(job, ErrorCode.Cancelled, "cancelled"),
        _ => throw ProtocolException.At(0, $"stop reason {reason}"),
    };

    private ExecutionError Describe(ExecutionJob job, ScriptError error)
    {
        string? stack = StackMapping.ToUser(error.Stack?.TrimStart('\n'), job);
        if (stack is not null && !verbose) stack = stack.Split('\n', 2)[0];
        if (IsRefusedBuffer(error)) return _texts.For(job, ErrorCode.MemoryLimitExceeded, "array buffers") with { Stack = stack };
        if (error.Kind == ScriptErrorKind.Output) return _texts.For(job, ErrorCode.OutputLimit, error.Message) with { Stack = stack };
        ErrorCode code = error.Kind switch
        {
            ScriptErrorKind.Syntax => ErrorCode.ValidationError,
            ScriptErrorKind.Tool => ErrorCode.ToolError,
            _ => ErrorCode.RuntimeError,
        };
        return new ExecutionError
        {
            Code = code,
            Name = error.Name,
            Message = error.Message,
            Stack = stack,
            Data = DataOf(job, error, code, stack),
        };
    }

    /// <summary>V8's own words for a buffer above the run's limit. A script that catches the error continues.</summary>
    private static bool IsRefusedBuffer(ScriptError error) => error is { Name: "RangeError", Message: "Array buffer allocation failed" };

    /// <summary>The parts of the error beside its message; null for none.</summary>
    private static Dictionary<string, object?>? DataOf(ExecutionJob job, ScriptError error, ErrorCode code, string? stack)
    {
        var data = new Dictionary<string, object?>();
        if (code == ErrorCode.ToolError) data["tool"] = error.Tool;
        if (code == ErrorCode.ToolError || error.Code is not null) data["code"] = error.Code;
        if (code != ErrorCode.ToolError && ErrorHints.For(job, error, stack) is { } hint) data["hint"] = hint;
        if (error.Causes.Count > 0) data["causes"] = error.Causes;
        if (error.Errors.Count > 0) data["errors"] = error.Errors;
        return data.Count == 0 ? null : data;
    }
}
