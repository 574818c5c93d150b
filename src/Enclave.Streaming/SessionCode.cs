namespace Enclave.Streaming;

/// <summary>The codes that only sessions have: of a last event, and of a refusal by a broker or a runtime.</summary>
/// <remarks>A session whose run failed has the code of the run, <c>ErrorCode</c>; a failed tool call has a <c>ToolCode</c>.</remarks>
internal static class SessionCode
{
    /// <summary>The session was cancelled.</summary>
    public const string Cancelled = "SESSION_CANCELLED";

    /// <summary>The deadline of the session has passed.</summary>
    public const string DeadlineExceeded = "DEADLINE_EXCEEDED";

    /// <summary>A part of a result had no room in its event.</summary>
    public const string PayloadOmitted = "PAYLOAD_OMITTED";

    /// <summary>The last event has no code.</summary>
    public const string Unknown = "UNKNOWN";

    /// <summary>The broker that ran the session is gone.</summary>
    public const string BrokerLost = "BROKER_LOST";

    /// <summary>The runtime that ran the session is gone.</summary>
    public const string RuntimeLost = "RUNTIME_LOST";

    /// <summary>No runtime began the session.</summary>
    public const string RuntimeUnavailable = "RUNTIME_UNAVAILABLE";

    /// <summary>The runtime has no room.</summary>
    public const string RuntimeBusy = "RUNTIME_BUSY";

    /// <summary>The runtime is stopping.</summary>
    public const string RuntimeStopping = "RUNTIME_STOPPING";

    /// <summary>Broker and runtime speak no common version.</summary>
    public const string ProtocolUnsupported = "PROTOCOL_UNSUPPORTED";

    /// <summary>A session of this name is running.</summary>
    public const string Exists = "SESSION_EXISTS";

    /// <summary>Another broker runs the durable session at this moment.</summary>
    public const string SessionBusy = "SESSION_BUSY";

    /// <summary>The maximum number of sessions is running.</summary>
    public const string CreateError = "SESSION_CREATE_ERROR";

    /// <summary>The events that were asked for are no longer kept.</summary>
    public const string EventsExpired = "EVENTS_EXPIRED";

    /// <summary>No call waits for this answer.</summary>
    public const string ToolResultRejected = "TOOL_RESULT_REJECTED";

    /// <summary>The idempotency key belongs to another request.</summary>
    public const string IdempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED";

    /// <summary>The request is not valid.</summary>
    public const string InvalidRequest = "INVALID_REQUEST";

    /// <summary>The event filter is not valid, or too large.</summary>
    public const string InvalidFilter = "INVALID_FILTER";

    /// <summary>The body is too large.</summary>
    public const string PayloadTooLarge = "PAYLOAD_TOO_LARGE";

    /// <summary>Too many requests, or readers.</summary>
    public const string RateLimited = "RATE_LIMITED";

    /// <summary>The request has no valid credential.</summary>
    public const string Unauthorized = "UNAUTHORIZED";

    /// <summary>The caller, or the page that it came from, may not do that.</summary>
    public const string Forbidden = "FORBIDDEN";

    /// <summary>There is no such route or session.</summary>
    public const string NotFound = "NOT_FOUND";

    /// <summary>The path does not take this method.</summary>
    public const string MethodNotAllowed = "METHOD_NOT_ALLOWED";

    /// <summary>The path is a WebSocket.</summary>
    public const string UpgradeRequired = "UPGRADE_REQUIRED";

    /// <summary>The broker is stopping.</summary>
    public const string ServiceUnavailable = "SERVICE_UNAVAILABLE";

    /// <summary>The store of sessions cannot be reached.</summary>
    public const string StoreUnavailable = "STORE_UNAVAILABLE";

    /// <summary>The broker failed.</summary>
    public const string InternalError = "INTERNAL_ERROR";
}
