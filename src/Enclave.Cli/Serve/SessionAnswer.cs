using Enclave.Broker.Errors;
using Enclave.Protocol;
using Enclave.Streaming;

namespace Enclave.Cli.Serve;

/// <summary>Converts the end of a session to a run's result.</summary>
internal static class SessionAnswer
{
    private static readonly Dictionary<string, ErrorCode> s_codes = new(
        Enum.GetValues<ErrorCode>().Select((code) => KeyValuePair.Create(code.ToCode(), code)), StringComparer.Ordinal)
    {
        // Codes that only sessions have.
        [SessionCode.Cancelled] = ErrorCode.Cancelled,
        [SessionCode.DeadlineExceeded] = ErrorCode.Timeout,
        [SessionCode.RateLimited] = ErrorCode.QueueFull,
        [SessionCode.CreateError] = ErrorCode.QueueFull,
        [SessionCode.RuntimeBusy] = ErrorCode.QueueFull,
        [SessionCode.ServiceUnavailable] = ErrorCode.PoolDisposed,
        [SessionCode.InvalidRequest] = ErrorCode.ValidationError,
    };

    /// <summary>The result of a session whose events are gone.</summary>
    public static ExecutionResult Lost { get; } = Failed(SessionCode.InternalError, "the session's events are lost", null, null, "", new ExecutionStats());

    /// <summary>The result of a session that was not opened.</summary>
    public static ExecutionResult Of(BrokerError refusal) => Failed(refusal.Code, refusal.Message, null, null, "", new ExecutionStats());

    /// <param name="final">The session's last event.</param>
    /// <param name="console">Its console output.</param>
    public static ExecutionResult Of(Final final, string console)
    {
        var stats = new ExecutionStats
        {
            Duration = TimeSpan.FromMilliseconds(final.Stats?.DurationMs ?? 0),
            ToolCallCount = (int)Math.Min(final.Stats?.ToolCallCount ?? 0, int.MaxValue),
        };
        string? toolCode = final.Errors is [var first, ..] ? first.Code : null;
        if (final.Error is { } error) return Failed(error.Code, error.Message, error.Stack, toolCode, console, stats);
        ScriptValue value = final.Result is { } result ? ScriptValue.From(result) : ScriptValue.Undefined;
        return new ExecutionResult { Value = value, Error = null, Stdout = console, Stats = stats };
    }

    private static ExecutionResult Failed(string? code, string message, string? stack, string? toolCode, string console, ExecutionStats stats)
    {
        // All other codes are failures of the runtime or broker: RUNTIME_LOST, RUNTIME_UNAVAILABLE, INTERNAL_ERROR.
        ErrorCode known = s_codes.GetValueOrDefault(code ?? "", ErrorCode.WorkerCrashed);
        return new ExecutionResult
        {
            Value = ScriptValue.Undefined,
            Error = new ExecutionError
            {
                Code = known,
                // The wire has no name of a script's error.
                Name = known is ErrorCode.RuntimeError or ErrorCode.ToolError ? "Error" : known.ToCode(),
                Message = message,
                Stack = stack,
                Data = toolCode is null ? null : new Dictionary<string, object?> { ["code"] = toolCode },
            },
            Stdout = console,
            Stats = stats,
        };
    }
}
