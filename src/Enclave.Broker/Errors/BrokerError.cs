using Microsoft.AspNetCore.Http;

namespace Enclave.Broker.Errors;

/// <summary>An error response to a client.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The code, for programs.</param>
/// <param name="Message">The message, for people, with the remedy.</param>
internal sealed record BrokerError(int Status, string Code, string Message)
{
    /// <summary>When to try again; null if that would not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    internal static BrokerError Stopping { get; } =
        new(StatusCodes.Status503ServiceUnavailable, "SERVICE_UNAVAILABLE", "the broker is stopping") { RetryAfter = TimeSpan.FromSeconds(5) };

    internal static BrokerError Origin { get; } = new(
        StatusCodes.Status403Forbidden, "FORBIDDEN", "pages of this origin may not use the broker (AllowedOrigins)");

    internal static BrokerError NoRoute { get; } = new(StatusCodes.Status404NotFound, "NOT_FOUND", "no such route: docs/broker.md lists the routes");

    internal static BrokerError Internal { get; } = new(StatusCodes.Status500InternalServerError, "INTERNAL_ERROR", "the broker failed; its log says why");

    internal static BrokerError Invalid(string problem) => new(StatusCodes.Status400BadRequest, "INVALID_REQUEST", problem);

    internal static BrokerError Filter(string problem) => new(StatusCodes.Status400BadRequest, "INVALID_FILTER", problem);

    internal static BrokerError Method(string allowed) => new(StatusCodes.Status405MethodNotAllowed, "METHOD_NOT_ALLOWED", $"this path takes {allowed}");

    internal static BrokerError TooLarge(long most) =>
        new(StatusCodes.Status413PayloadTooLarge, "PAYLOAD_TOO_LARGE", $"the body is larger than {most} bytes (MaxBodyBytes)");

    /// <summary>Too many requests; the owner may try again after this time.</summary>
    public static BrokerError RateLimited(TimeSpan wait) =>
        new(StatusCodes.Status429TooManyRequests, "RATE_LIMITED", "too many requests in a minute (RequestsPerMinute)") { RetryAfter = wait };

    internal static BrokerError FilteredFull(int most) => new(StatusCodes.Status429TooManyRequests, "RATE_LIMITED",
        $"{most} of your readers already have a filter that reads event contents (MaxFilteredReadersPerOwner)")
    { RetryAfter = TimeSpan.FromSeconds(1) };

    internal static BrokerError Unknown(string id) => new(StatusCodes.Status404NotFound, "NOT_FOUND", $"Session {id} not found");

    /// <summary>The owner has a session of this name.</summary>
    public static BrokerError Exists(string id) =>
        new(StatusCodes.Status409Conflict, "SESSION_EXISTS", $"session {id} is running: choose another sessionId, or send none");

    /// <summary>The idempotency key belongs to another request.</summary>
    public static BrokerError KeyReused { get; } = new(
        StatusCodes.Status409Conflict, "IDEMPOTENCY_KEY_REUSED", "this Idempotency-Key was used with a different request: choose another key");

    /// <summary>The store of sessions cannot be reached.</summary>
    public static BrokerError StoreUnavailable { get; } =
        new(StatusCodes.Status503ServiceUnavailable, "STORE_UNAVAILABLE", "the broker cannot reach its session store") { RetryAfter = TimeSpan.FromSeconds(2) };

    internal static BrokerError Full(int most) => new(StatusCodes.Status503ServiceUnavailable,
        "SESSION_CREATE_ERROR", $"{most} sessions are already running (MaxSessions)")
    { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>The owner has as many sessions as allowed.</summary>
    public static BrokerError OwnerFull(int most) => new(StatusCodes.Status429TooManyRequests,
        "SESSION_CREATE_ERROR", $"{most} of your sessions are already running (MaxSessionsPerOwner)")
    { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>The queue is full.</summary>
    public static BrokerError QueueFull(string why) => new(StatusCodes.Status503ServiceUnavailable, "QUEUE_FULL", why) { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>The tenant's share of the queue is full.</summary>
    public static BrokerError TenantQueueFull(string why) =>
        new(StatusCodes.Status429TooManyRequests, "QUEUE_FULL", why) { RetryAfter = TimeSpan.FromSeconds(1) };

    internal static BrokerError Expired(long from, long first) =>
        new(StatusCodes.Status410Gone, "EVENTS_EXPIRED", $"event {from} is no longer kept; the oldest kept event is {first}");

    internal static BrokerError NotWaiting(string call) =>
        new(StatusCodes.Status409Conflict, "TOOL_RESULT_REJECTED", $"call {call} is not waiting for an answer: it is unknown, already answered or timed out");
}
