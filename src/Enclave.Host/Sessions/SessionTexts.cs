using Enclave.Outcomes;

namespace Enclave.Sessions;

/// <summary>The messages of failures that only sessions have.</summary>
internal static class SessionTexts
{
    private const int MaxReasonCharacters = 500;

    public static ExecutionError Ttl(TimeSpan ttl) => Make(
        ErrorCode.Timeout, $"the session had not ended after {Time(ttl)} (Ttl): answer its tool calls sooner, or raise it", ("reason", "ttl"),
        ("limitMs", ttl.TotalMilliseconds));

    public static ExecutionError Cancelled(string? reason)
    {
        if (string.IsNullOrWhiteSpace(reason)) return Make(ErrorCode.Cancelled, "the session was cancelled", ("reason", "cancelled"));
        if (reason.Length > MaxReasonCharacters) reason = string.Concat(reason.AsSpan(0, MaxReasonCharacters), "…");
        return Make(ErrorCode.Cancelled, $"the session was cancelled ({reason})", ("reason", reason));
    }

    public static ExecutionError HostDisposed() =>
        Make(ErrorCode.PoolDisposed, "the host was disposed before the session's run had started", ("reason", "before its start"));

    public static ExecutionError NotStarted(Exception fault) =>
        Make(ErrorCode.RuntimeError, $"the session's run could not be started ({fault.GetType().Name})", ("reason", "start"));

    public static ToolException ToolTimeout(string tool, TimeSpan timeout) =>
        new($"the tool {tool} had not answered after {Time(timeout)} (ToolTimeout; --tool-timeout at the command line): ask it for less, or raise it")
        {
            Name = "TimeoutError",
            Code = ToolCode.Timeout,
        };

    public static ToolException RefusedAfterFailure() => new("Session cancelled") { Code = ToolCode.SessionCancelled };

    public static ToolException ToolResultTooLarge(string tool, long bytes, long limit) =>
        new($"the result of {tool} is {bytes} bytes; the limit is {limit} (MaxToolResultBytes)") { Name = "RangeError", Code = ToolCode.ResultTooLarge };

    private static ExecutionError Make(ErrorCode code, string message, params (string Key, object? Value)[] data) => new()
    {
        Code = code,
        Name = code.ToCode(),
        Message = $"{message}: docs/errors/{code.ToCode()}.md",
        Data = data.ToDictionary((entry) => entry.Key, (entry) => entry.Value),
    };

    private static string Time(TimeSpan time) => time.TotalSeconds >= 1 ? $"{time.TotalSeconds:0.###} s" : $"{time.TotalMilliseconds:0.###} ms";
}
