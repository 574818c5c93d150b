namespace Enclave.Streaming;

/// <summary>What both ends of a stream agree on.</summary>
public static class StreamProtocol
{
    /// <summary>The version that is sent; 1 is read as well.</summary>
    public const int Version = 2;

    /// <summary>The media type of a stream of events.</summary>
    public const string MediaType = "application/x-ndjson";

    /// <summary>What every session's name begins with.</summary>
    public const string SessionPrefix = "s_";

    /// <summary>What every call's name begins with.</summary>
    public const string CallPrefix = "c_";

    /// <summary>Bytes of one event on a line whose broker says nothing of what it takes: 16 MB.</summary>
    internal const long DefaultMaxEventBytes = 16 << 20;

    /// <summary>Whether a text is a session's name on the wire: the prefix, and at least one character more.</summary>
    public static bool IsSessionId(string? id) => id is not null && id.Length > SessionPrefix.Length && id.StartsWith(SessionPrefix, StringComparison.Ordinal);

    /// <summary>Whether a text is a call's name on the wire.</summary>
    public static bool IsCallId(string? id) => id is not null && id.Length > CallPrefix.Length && id.StartsWith(CallPrefix, StringComparison.Ordinal);
}
