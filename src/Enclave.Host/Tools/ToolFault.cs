using Enclave.Outcomes;

namespace Enclave.Tools;

/// <summary>Failures of tools that the host itself detects, in words for the script: what happened, the number, the remedy.</summary>
internal static class ToolFault
{
    /// <summary>Returns a failure that the script sees as one of the host, with this code.</summary>
    public static ToolException Of(string code, string message, Exception? cause = null) => new(message, cause) { Name = ToolFailure.OfHost, Code = code };

    internal static ToolException NotAllowed(string tool) => Of(ToolCode.NotAllowed, $"{tool} is not open to this tenant");

    /// <summary>The JavaScript product's words.</summary>
    public static ToolException SecretMissing(string tool, string secret) =>
        Of(ToolCode.SecretMissing, $"Missing required secret \"{secret}\" for tool \"{tool}\"");

    internal static ToolException TooMuchWork(string tool, string why) =>
        Of(ToolCode.ArgumentsTooLarge, $"the arguments of {tool} cannot be checked within bounds: {why}. Pass less at once");

    internal static ToolException MaxCalls(string tool, int limit) => Of(ToolCode.MaxCalls, $"{tool} was called {limit} times in this run, the most allowed");

    internal static ToolException RateLimited(string tool, ToolRateLimit limit, TimeSpan wait) =>
        Of(ToolCode.RateLimited, $"{tool} was called {limit.Calls} times within {Time(limit.Window)}, the most allowed; there is room again in {Time(wait)}");

    internal static ToolException Busy(string tool, int limit, TimeSpan waited) =>
        Of(ToolCode.Busy, $"{tool} has {limit} {(limit == 1 ? "call" : "calls")} under way, the most allowed, and none had ended after {Time(waited)}");

    internal static ToolException Changed(string tool) =>
        Of(ToolCode.Changed, $"{tool} changed, or is gone, while the call waited for its approval or its turn: it was not called. Look at it again first");

    internal static ToolException Timeout(string tool, TimeSpan limit) =>
        Of(ToolCode.Timeout, $"{tool} had not answered after {Time(limit)} (its Timeout; --tool-timeout at the command line): ask it for less, or raise it");

    internal static ToolException ResultTooLarge(string tool, int limit) =>
        Of(ToolCode.ResultTooLarge, $"the result of {tool} is larger than {limit} bytes (MaxMessageBytes): ask for less");

    internal static ToolException Failed(string tool, string? detail, Exception cause) =>
        Of(ToolCode.Failed, detail is null ? $"{tool} failed" : $"{tool} failed: {detail}", cause);

    internal static string Time(TimeSpan time) =>
        time.TotalSeconds >= 1 ? $"{time.TotalSeconds:0.###} s" : $"{Math.Max(1, Math.Ceiling(time.TotalMilliseconds)):0} ms";
}
