using System.Text;
using Enclave.Streaming;

namespace Enclave.SessionWire;

/// <summary>Converts results to the last event of the wire.</summary>
internal static class WireFinal
{
    /// <summary>The message of a session that was cancelled without a reason.</summary>
    public const string CancelledText = "Session cancelled";

    /// <summary>The message of a session whose deadline has passed; also the reason of its cancel.</summary>
    public const string DeadlineText = "Deadline exceeded";

    /// <summary>The last event of a session that ended by itself.</summary>
    public static Final Of(ExecutionResult result, TimeSpan duration, string? toolCode)
    {
        FinalStats stats = Stats(result, duration);
        if (result.Error is not { } error) return new Final { Ok = true, Result = WireJson.Of(result.Value), Stats = stats };
        string message = WireJson.Text(error.Message);
        return Final.Failure(new ErrorInfo(message, error.Code.ToCode(), error.Stack is { } stack ? WireJson.Text(stack) : null), stats) with
        {
            Errors = toolCode is null ? null : [new ErrorPayload { Code = toolCode, Message = message }],
        };
    }

    /// <summary>The last event of a session that was ended from outside.</summary>
    public static Final Of(ExecutionResult result, TimeSpan duration, string code, string message) =>
        Final.Failure(new ErrorInfo(message, code), Stats(result, duration));

    private static FinalStats Stats(ExecutionResult result, TimeSpan duration) =>
        FinalStats.Of(duration, result.Stats.ToolCallCount, Encoding.UTF8.GetByteCount(result.Stdout));
}
