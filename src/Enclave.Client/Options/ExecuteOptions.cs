using System.Text.Json;
using Enclave.Client.Options;
using Enclave.Streaming;

namespace Enclave.Client;

/// <summary>What one session is to be.</summary>
public sealed class ExecuteOptions
{
    /// <summary>The session's name. Range: <c>s_</c> and 1 to 254 characters more, not a name in use. Default: null, a new one.</summary>
    public string? SessionId { get; init; }

    /// <summary>Limits below the broker's own; it takes none above. Upstream's broker takes time, tool calls and heartbeats of them. Default: null, the broker's.</summary>
    public SessionLimits? Limits { get; init; }

    /// <summary>Which events are sent, as the JSON of docs/client.md. Range: an object. Default: null, all.</summary>
    public JsonElement? Filter { get; init; }

    /// <summary>Tools that this client answers itself (<see cref="ClientSession.AnswerToolCallAsync"/>). The broker has to allow each (<c>BrokerOptions.ClientTools</c>); upstream's broker takes none. Default: none.</summary>
    public IReadOnlyCollection<string> Tools { get; init; } = [];

    /// <summary>Wall time of this session. Range: as <see cref="EnclaveClientOptions.Timeout"/>. Default: null, the client's.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether this session's events are encrypted. Default: null, as <see cref="EnclaveClientOptions.Encryption"/> says.</summary>
    public EncryptionMode? Encryption { get; init; }

    internal void Validate()
    {
        if (SessionId is not null && !StreamProtocol.IsSessionId(SessionId)) throw new ArgumentException($"{nameof(SessionId)} must begin with {StreamProtocol.SessionPrefix} and go on", nameof(SessionId));
        if (SessionId is not null) SessionName.Require(SessionId, nameof(SessionId));
        ArgumentNullException.ThrowIfNull(Tools);
        if (Filter is { ValueKind: not JsonValueKind.Object }) throw new ArgumentException($"{nameof(Filter)} must be a JSON object", nameof(Filter));
        if (Timeout is { } timeout && timeout != System.Threading.Timeout.InfiniteTimeSpan && (timeout < TimeSpan.FromMilliseconds(1) || timeout > TimeSpan.FromHours(24)))
        {
            throw new ArgumentException($"{nameof(Timeout)} is {timeout}; it must be 1 ms to 24 h", nameof(Timeout));
        }

        if (Encryption is { } mode && !Enum.IsDefined(mode)) throw new ArgumentException($"{nameof(Encryption)} is {mode}; it must be one of the modes", nameof(Encryption));
    }
}
