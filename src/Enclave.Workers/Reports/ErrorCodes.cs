namespace Enclave;

/// <summary>The documented spelling of error codes.</summary>
public static class ErrorCodes
{
    private static readonly string[] s_names =
    [
        "VALIDATION_ERROR", "TIMEOUT", "MAX_TOOL_CALLS", "MAX_ITERATIONS", "TOOL_ERROR", "MEMORY_LIMIT_EXCEEDED", "SCORING_BLOCKED", "RUNTIME_ERROR",
        "QUEUE_FULL", "QUEUE_TIMEOUT", "WORKER_CRASHED", "PROTOCOL_VIOLATION", "MESSAGE_FLOOD", "OUTPUT_LIMIT", "CANCELLED", "POOL_DISPOSED",
        "ISOLATION_UNAVAILABLE", "LIBRARY_FAILED", "REPLAY_DIVERGED", "JOURNAL_UNAVAILABLE", "SUSPENDED",
        "QUOTA_EXCEEDED", "TENANT_SUSPENDED", "TENANT_PAUSED", "TENANT_UNKNOWN", "SHARE_FULL", "WORKER_UNAVAILABLE",
    ];

    /// <summary>The code in its documented spelling, for example <c>MEMORY_LIMIT_EXCEEDED</c>.</summary>
    public static string ToCode(this ErrorCode code) => s_names[(int)code];

    internal static bool TryParse(string? text, out ErrorCode code)
    {
        int index = Array.IndexOf(s_names, text);
        code = (ErrorCode)Math.Max(index, 0);
        return index >= 0;
    }
}
