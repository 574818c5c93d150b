using Enclave.Queues;
using Enclave.Streaming;
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
        new(StatusCodes.Status503ServiceUnavailable, SessionCode.ServiceUnavailable, "the broker is stopping") { RetryAfter = TimeSpan.FromSeconds(5) };

    internal static BrokerError Origin { get; } = new(
        StatusCodes.Status403Forbidden, SessionCode.Forbidden, "pages of this origin may not use the broker (AllowedOrigins)");

    internal static BrokerError NoRoute { get; } = new(StatusCodes.Status404NotFound, SessionCode.NotFound, "no such route: docs/broker.md lists the routes");

    internal static BrokerError Internal { get; } =
        new(StatusCodes.Status500InternalServerError, SessionCode.InternalError, "the broker failed; its log says why");

    internal static BrokerError NotEncrypted { get; } = new(StatusCodes.Status400BadRequest, EncryptionCodes.Required,
        "this broker runs only sessions whose events are encrypted: send encryption with a clientHello (RequireEncryption). If you sent it, it was taken out");

    internal static BrokerError Invalid(string problem) => new(StatusCodes.Status400BadRequest, SessionCode.InvalidRequest, problem);

    internal static BrokerError Filter(string problem) => new(StatusCodes.Status400BadRequest, SessionCode.InvalidFilter, problem);

    internal static BrokerError Method(string allowed) =>
        new(StatusCodes.Status405MethodNotAllowed, SessionCode.MethodNotAllowed, $"this path takes {allowed}");

    internal static BrokerError TooLarge(long most) =>
        new(StatusCodes.Status413PayloadTooLarge, SessionCode.PayloadTooLarge, $"the body is larger than {most} bytes (MaxBodyBytes)");

    /// <summary>The bodies that arrive at this moment take all the room for them.</summary>
    internal static BrokerError BodiesFull { get; } = new(
        StatusCodes.Status503ServiceUnavailable, SessionCode.ServiceUnavailable, "too many large bodies arrive at the same time: try again later")
    { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>Reading the journal of a durable session took too long to begin.</summary>
    internal static BrokerError JournalsBusy { get; } = new(
        StatusCodes.Status503ServiceUnavailable, SessionCode.ServiceUnavailable, "too many durable sessions are read at the same time: try again later")
    { RetryAfter = TimeSpan.FromSeconds(2) };

    /// <summary>Too many requests; the owner may try again after this time.</summary>
    public static BrokerError RateLimited(TimeSpan wait) =>
        new(StatusCodes.Status429TooManyRequests, SessionCode.RateLimited, "too many requests in a minute (RequestsPerMinute)") { RetryAfter = wait };

    internal static BrokerError FilteredFull(int most) => new(StatusCodes.Status429TooManyRequests, SessionCode.RateLimited,
        $"{most} of your readers already have a filter that reads event contents (MaxFilteredReadersPerOwner)")
    { RetryAfter = TimeSpan.FromSeconds(1) };

    internal static BrokerError Unknown(string id) => new(StatusCodes.Status404NotFound, SessionCode.NotFound, $"Session {id} not found");

    /// <summary>The owner has a session of this name.</summary>
    public static BrokerError Exists(string id) =>
        new(StatusCodes.Status409Conflict, SessionCode.Exists, $"session {id} is running: choose another sessionId, or send none");

    /// <summary>The idempotency key belongs to another request.</summary>
    public static BrokerError KeyReused { get; } = new(
        StatusCodes.Status409Conflict, SessionCode.IdempotencyKeyReused, "this Idempotency-Key was used with a different request: choose another key");

    /// <summary>The store of sessions cannot be reached.</summary>
    public static BrokerError StoreUnavailable { get; } =
        new(StatusCodes.Status503ServiceUnavailable, SessionCode.StoreUnavailable, "the broker cannot reach its session store")
        {
            RetryAfter = TimeSpan.FromSeconds(2),
        };

    /// <summary>The durable run behind a session cannot be started, read or answered.</summary>
    internal static BrokerError Of(JournalException fault) => fault.Fault switch
    {
        JournalFault.Unavailable => StoreUnavailable,
        JournalFault.NameTaken => new(StatusCodes.Status409Conflict, SessionCode.Exists, "a durable session of this name has another script or context"),
        JournalFault.Busy => new(StatusCodes.Status409Conflict, SessionCode.SessionBusy, fault.Message) { RetryAfter = TimeSpan.FromSeconds(2) },
        JournalFault.Answered => new(StatusCodes.Status409Conflict, SessionCode.ToolResultRejected, fault.Message),
        JournalFault.Full => new(StatusCodes.Status429TooManyRequests, SessionCode.CreateError, fault.Message),
        JournalFault.NotFound => new(StatusCodes.Status404NotFound, SessionCode.NotFound, fault.Message),
        _ => new(StatusCodes.Status500InternalServerError, SessionCode.InternalError, $"the session cannot go on: {fault.Message}"),
    };

    /// <summary>This broker keeps no durable sessions.</summary>
    internal static BrokerError NotDurable { get; } = Invalid(
        "durable: this broker keeps no durable sessions: it needs workers of its own and EnclaveOptions.Durable (docs/broker.md)");

    internal static BrokerError Full(int most) => new(StatusCodes.Status503ServiceUnavailable,
        SessionCode.CreateError, $"{most} sessions are already running (MaxSessions)")
    { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>The owner has as many sessions as allowed.</summary>
    public static BrokerError OwnerFull(int most) => new(StatusCodes.Status429TooManyRequests,
        SessionCode.CreateError, $"{most} of your sessions are already running (MaxSessionsPerOwner)")
    { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>The queue is full.</summary>
    public static BrokerError QueueFull(string why) =>
        new(StatusCodes.Status503ServiceUnavailable, ErrorCode.QueueFull.ToCode(), why) { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>The tenant's share of the queue is full.</summary>
    public static BrokerError TenantQueueFull(string why) =>
        new(StatusCodes.Status429TooManyRequests, ErrorCode.ShareFull.ToCode(), why) { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>The policy of the tenant refuses the session.</summary>
    internal static BrokerError OfTenant(ExecutionError error) => new(
        error.Code is ErrorCode.QuotaExceeded ? StatusCodes.Status429TooManyRequests
            : error.Code is ErrorCode.TenantSuspended or ErrorCode.TenantUnknown ? StatusCodes.Status403Forbidden : StatusCodes.Status503ServiceUnavailable,
        error.Code.ToCode(), error.Message)
    {
        RetryAfter = error.RetryWait,
    };

    /// <summary>The error for a session that may not wait; null if it may.</summary>
    /// <param name="verdict">The verdict of the queue.</param>
    /// <param name="most">The option that bounds the queue.</param>
    /// <param name="mostOfTenant">The option that bounds a tenant's share of it.</param>
    internal static BrokerError? Of(QueueVerdict verdict, string most, string mostOfTenant) => verdict switch
    {
        QueueVerdict.Full => QueueFull($"the queue of sessions is full ({most}): try again later"),
        QueueVerdict.TenantFull => TenantQueueFull($"the queue of this tenant's sessions is full ({mostOfTenant}): try again later"),
        _ => null,
    };

    internal static BrokerError Expired(long from, long first) =>
        new(StatusCodes.Status410Gone, SessionCode.EventsExpired, $"event {from} is no longer kept; the oldest kept event is {first}");

    internal static BrokerError NotWaiting(string call) =>
        new(
            StatusCodes.Status409Conflict, SessionCode.ToolResultRejected,
            $"call {call} is not waiting for an answer: it is unknown, already answered or timed out");
}
