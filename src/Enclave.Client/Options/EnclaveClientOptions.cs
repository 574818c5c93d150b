using Enclave.Streaming;

namespace Enclave.Client;

/// <summary>The settings of a client for its broker. Read once, when the client is created.</summary>
public sealed class EnclaveClientOptions
{
    /// <summary>
    /// The broker's address, for example <c>https://broker.example/enclave</c>. Range: http and https, without
    /// user, query and fragment. A slash at the end makes no difference.
    /// </summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>Sent as <c>Authorization: Bearer</c> with every request to the broker, and nowhere else. Default: null, none.</summary>
    public string? BearerToken { get; init; }

    /// <summary>Further headers of every request to the broker. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The longest time of a session from its start to its last event, including waits between connections, and of every other request. Range: 1 ms to
    /// 24 h, or <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>. Default: 60 s.
    /// </summary>
    /// <remarks>
    /// Then the session is cancelled at the broker, and its result is <see cref="ClientErrorCodes.Timeout"/>;
    /// <see cref="ClientErrorCodes.NetworkError"/> if the last connection had failed and no other came.
    /// </remarks>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>True to reconnect after a broken stream. A script is never sent twice in either case. Default: true.</summary>
    public bool AutoReconnect { get; init; } = true;

    /// <summary>Reconnects in a row that may fail or bring no new event. Range: 0 to 100. Default: 3.</summary>
    public int MaxReconnectAttempts { get; init; } = 3;

    /// <summary>
    /// The wait before the first reconnect. It doubles for each further one up to 30 s, and
    /// varies randomly by up to 30 %. Range: 0 to 30 s. Default: 1 s.
    /// </summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A connection without an event for this time is replaced. Range: 1 ms to 24 h, or
    /// <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>. Default: 30 s, two heartbeats of a broker.
    /// </summary>
    public TimeSpan HeartbeatTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait for the broker's answer to a cancel. Range: 1 ms to 10 min. Default: 5 s.</summary>
    public TimeSpan CancelTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Encryption of events between the broker and this client. Default: <see cref="EncryptionMode.Disabled"/>.</summary>
    public EncryptionMode Encryption { get; init; }

    /// <summary>Longest line of a stream, in bytes. An event is one line, and a script's result is one event. Range: 1 KB to 1 GB. Default: 16 MB.</summary>
    /// <remarks>A longer line ends the session with <see cref="ClientErrorCodes.ParseError"/>.</remarks>
    public int MaxLineBytes { get; init; } = 16 << 20;

    /// <summary>Maximum number of events that wait for a reader of <see cref="ClientSession.Events"/>. Range: 1 to 1,000,000. Default: 1024.</summary>
    public int MaxBufferedEvents { get; init; } = 1024;

    /// <summary>Maximum size of those events as received, in bytes. Range: 1 KB to 1 GB. Default: 32 MB.</summary>
    public long MaxBufferedBytes { get; init; } = 32 << 20;

    /// <summary>
    /// Maximum number of events that <see cref="SessionResult.Events"/> keeps. Later ones are only
    /// counted, except the last. Range: 0 to 1,000,000. Default: 10,000.
    /// </summary>
    public int MaxKeptEvents { get; init; } = 10_000;

    /// <summary>Maximum size of those events as received, in bytes. Range: 0 to 1 GB. Default: 32 MB.</summary>
    public long MaxKeptBytes { get; init; } = 32 << 20;

    /// <summary>Longest response that is not a stream, in bytes. Range: 1 KB to 1 GB. Default: 4 MB.</summary>
    public int MaxAnswerBytes { get; init; } = 4 << 20;

    /// <summary>The clock of all waits. Default: the system clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(BaseUrl);
        ArgumentNullException.ThrowIfNull(Headers);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        if (!BaseUrl.IsAbsoluteUri || BaseUrl.Scheme is not ("http" or "https"))
            throw Invalid(nameof(BaseUrl), BaseUrl.IsAbsoluteUri ? BaseUrl.Scheme : "relative", "an absolute http or https address");
        if (BaseUrl.UserInfo.Length > 0 || BaseUrl.Query.Length > 0 || BaseUrl.Fragment.Length > 0)
            throw Invalid(nameof(BaseUrl), $"at {BaseUrl.Host}", "an address without user, query and fragment");
        Span(nameof(Timeout), Timeout, 1, 24 * 3_600_000, System.Threading.Timeout.InfiniteTimeSpan);
        Span(nameof(HeartbeatTimeout), HeartbeatTimeout, 1, 24 * 3_600_000, System.Threading.Timeout.InfiniteTimeSpan);
        Span(nameof(ReconnectDelay), ReconnectDelay, 0, 30_000, TimeSpan.Zero);
        Span(nameof(CancelTimeout), CancelTimeout, 1, 600_000, TimeSpan.FromMilliseconds(1));
        Count(nameof(MaxReconnectAttempts), MaxReconnectAttempts, 0, 100);
        Count(nameof(MaxLineBytes), MaxLineBytes, 1 << 10, 1 << 30);
        Count(nameof(MaxBufferedEvents), MaxBufferedEvents, 1, 1_000_000);
        Count(nameof(MaxBufferedBytes), MaxBufferedBytes, 1 << 10, 1 << 30);
        Count(nameof(MaxKeptEvents), MaxKeptEvents, 0, 1_000_000);
        Count(nameof(MaxKeptBytes), MaxKeptBytes, 0, 1 << 30);
        Count(nameof(MaxAnswerBytes), MaxAnswerBytes, 1 << 10, 1 << 30);
        if (!Enum.IsDefined(Encryption)) throw Invalid(nameof(Encryption), Encryption, "one of the modes");
    }

    private static void Span(string name, TimeSpan value, double leastMs, double mostMs, TimeSpan beside)
    {
        if (value != beside && (value.TotalMilliseconds < leastMs || value.TotalMilliseconds > mostMs)) throw Invalid(name, value, $"{leastMs} to {mostMs} ms");
    }

    private static void Count(string name, long value, long least, long most)
    {
        if (value < least || value > most) throw Invalid(name, value, $"{least} to {most}");
    }

    private static ArgumentException Invalid(string name, object value, string range) => new($"{name} is {value}; it must be {range}", name);
}
