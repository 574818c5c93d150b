using System.Text.Json;
using Enclave.Client.Options;
using Enclave.Streaming;

namespace Enclave.Client;

/// <summary>The options of one session.</summary>
public sealed class ExecuteOptions
{
    /// <summary>The session's name. Range: <c>s_</c> and 1 to 254 more characters, and not in use. Default: null, a new name.</summary>
    public string? SessionId { get; init; }

    /// <summary>
    /// Limits below the broker's own; higher ones have no effect. Upstream's broker only uses
    /// time, tool calls and heartbeats. Default: null, the broker's.
    /// </summary>
    public SessionLimits? Limits { get; init; }

    /// <summary>Selects the events to send, as JSON (docs/client.md). Range: an object. Default: null, all.</summary>
    public JsonElement? Filter { get; init; }

    /// <summary>
    /// Tools that this client answers itself (<see cref="ClientSession.AnswerToolCallAsync"/>). The broker must allow each
    /// (<c>BrokerOptions.ClientTools</c>); upstream's broker allows none. Default: none.
    /// </summary>
    public IReadOnlyCollection<string> Tools { get; init; } = [];

    /// <summary>
    /// The script's language: <c>javascript</c>, <c>typescript</c> or <c>either</c>. Upstream's broker ignores it. Default: null, which Enclave's
    /// broker takes as <c>either</c>.
    /// </summary>
    public string? Language { get; init; }

    /// <summary>
    /// True if the session outlives its broker: it may wait for days, and any broker on the same store can continue it (docs/broker.md, Durable sessions).
    /// Upstream's broker ignores it. Default: false.
    /// </summary>
    public bool Durable { get; init; }

    /// <summary>Longest time of this session. Range: as <see cref="EnclaveClientOptions.Timeout"/>. Default: null, the client's.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Encryption of this session's events. Default: null, as <see cref="EnclaveClientOptions.Encryption"/>.</summary>
    public EncryptionMode? Encryption { get; init; }

    internal void Validate()
    {
        if (SessionId is not null && !StreamProtocol.IsSessionId(SessionId))
            throw new ArgumentException($"{nameof(SessionId)} must be {StreamProtocol.SessionPrefix} with at least one more character", nameof(SessionId));
        if (SessionId is not null) SessionName.Require(SessionId, nameof(SessionId));
        ArgumentNullException.ThrowIfNull(Tools);
        if (Language is not (null or "javascript" or "typescript" or "either"))
            throw new ArgumentException($"{nameof(Language)} is {Language}; it must be javascript, typescript or either", nameof(Language));
        if (Filter is { ValueKind: not JsonValueKind.Object }) throw new ArgumentException($"{nameof(Filter)} must be a JSON object", nameof(Filter));
        if (Timeout is { } timeout
            && timeout != System.Threading.Timeout.InfiniteTimeSpan && (timeout < TimeSpan.FromMilliseconds(1) || timeout > TimeSpan.FromHours(24)))
        {
            throw new ArgumentException($"{nameof(Timeout)} is {timeout}; it must be 1 ms to 24 h", nameof(Timeout));
        }

        if (Encryption is { } mode && !Enum.IsDefined(mode))
            throw new ArgumentException($"{nameof(Encryption)} is {mode}; it must be one of the modes", nameof(Encryption));
    }
}
