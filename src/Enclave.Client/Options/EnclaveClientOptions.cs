using Enclave.Streaming;

namespace Enclave.Client;

/// <summary>How a client talks to its broker. Read once, when the client is made.</summary>
public sealed class EnclaveClientOptions
{
    /// <summary>The broker, for example <c>https://broker.example/enclave</c>. Range: http and https, without user, query and fragment; a slash at the end changes nothing.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>Sent as <c>Authorization: Bearer</c> with every request to the broker, and to nobody else. Default: null, none.</summary>
    public string? BearerToken { get; init; }

    /// <summary>Further headers of every request to the broker. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Wall time of a session from its start to its last event, waits between connections included, and of every other request.
    /// Range: 1 ms to 24 h, or <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>. Default: 60 s.
    /// </summary>
    /// <remarks>When it passes, the session is cancelled at the broker and its result is <see cref="ClientErrorCodes.Timeout"/>.</remarks>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether a broken stream is taken up again. A script is never sent twice, whatever this says. Default: true.</summary>
    public bool AutoReconnect { get; init; } = true;

    /// <summary>Connections in a row that may bring nothing new. Range: 0 to 100. Default: 3.</summary>
    public int MaxReconnectAttempts { get; init; } = 3;

    /// <summary>Wait before the first of them; doubled for each further one, at most 30 s, and up to 30 % more or less by chance. Range: 0 to 30 s. Default: 1 s.</summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A connection that brings no event for so long is closed and replaced. Range: 1 ms to 24 h, or <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>. Default: 30 s, two heartbeats of a broker.</summary>
    public TimeSpan HeartbeatTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait for the broker's answer to a cancel. Range: 1 ms to 10 min. Default: 5 s.</summary>
    public TimeSpan CancelTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether events are encrypted between the broker and this client. Default: <see cref="EncryptionMode.Disabled"/>.</summary>
    public EncryptionMode Encryption { get; init; }

    /// <summary>Longest line of a stream, in bytes: an event is one line, and a script's result is one event. Range: 1 KB to 1 GB. Default: 16 MB.</summary>
    /// <remarks>A longer one ends the session with <see cref="ClientErrorCodes.ParseError"/>.</remarks>
    public int MaxLineBytes { get; init; } = 16 << 20;

    /// <summary>Events that wait for a reader of <see cref="ClientSession.Events"/>. Range: 1 to 1,000,000. Default: 1024.</summary>
    public int MaxBufferedEvents { get; init; } = 1024;

    /// <summary>What those events take as received, in bytes. Range: 1 KB to 1 GB. Default: 32 MB.</summary>
    public long MaxBufferedBytes { get; init; } = 32 << 20;

    /// <summary>Events that <see cref="SessionResult.Events"/> keeps; later ones are counted, but for the last. Range: 0 to 1,000,000. Default: 10,000.</summary>
    public int MaxKeptEvents { get; init; } = 10_000;

    /// <summary>What those events take as received, in bytes. Range: 0 to 1 GB. Default: 32 MB.</summary>
    public long MaxKeptBytes { get; init; } = 32 << 20;

    /// <summary>Longest answer that is not a stream, in bytes. Range: 1 KB to 1 GB. Default: 4 MB.</summary>
    public int MaxAnswerBytes { get; init; } = 4 << 20;

    /// <summary>The clock of all waits. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(BaseUrl);
        ArgumentNullException.ThrowIfNull(Headers);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        if (!BaseUrl.IsAbsoluteUri || BaseUrl.Scheme is not ("http" or "https")) throw Invalid(nameof(BaseUrl), BaseUrl.IsAbsoluteUri ? BaseUrl.Scheme : "relative", "an absolute http or https address");
        if (BaseUrl.UserInfo.Length > 0 || BaseUrl.Query.Length > 0 || BaseUrl.Fragment.Length > 0) throw Invalid(nameof(BaseUrl), $"at {BaseUrl.Host}", "an address without user, query and fragment");
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
