namespace Enclave.Streaming;

/// <summary>Constants of the stream's protocol.</summary>
internal static class StreamProtocol
{
    /// <summary>The version that is sent; version 1 can be read as well.</summary>
    public const int Version = 2;

    /// <summary>The media type of a stream of events.</summary>
    public const string MediaType = "application/x-ndjson";

    /// <summary>The prefix of every session's name.</summary>
    public const string SessionPrefix = "s_";

    /// <summary>The prefix of every call's id.</summary>
    public const string CallPrefix = "c_";

    /// <summary>Maximum size of one event if the broker reports none: 16 MB.</summary>
    public const long DefaultMaxEventBytes = 16 << 20;

    /// <summary>True if a text is a session's name on the wire: the prefix and at least one more character.</summary>
    public static bool IsSessionId(string? id) => id is not null && id.Length > SessionPrefix.Length && id.StartsWith(SessionPrefix, StringComparison.Ordinal);

    /// <summary>True if a text is a call's id on the wire.</summary>
    public static bool IsCallId(string? id) => id is not null && id.Length > CallPrefix.Length && id.StartsWith(CallPrefix, StringComparison.Ordinal);
}
