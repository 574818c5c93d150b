using Enclave.Client.Http;
using Enclave.Streaming;

namespace Enclave.Client.Sessions;

/// <summary>The end of one connection of a stream.</summary>
/// <param name="Kind">The kind of end.</param>
/// <param name="Message">A description.</param>
internal sealed record ConnectionEnd(ConnectionEndKind Kind, string Message)
{
    /// <summary>The refusal; null for other ends.</summary>
    public BrokerResponse? Refusal { get; init; }

    /// <summary>The error code of an unreadable stream; null for other ends.</summary>
    public string? Code { get; init; }

    /// <summary>The last event; null for other ends.</summary>
    public Streaming.Final? Final { get; init; }

    /// <summary>True if the broker has dropped the requested events and has only later ones.</summary>
    public bool IsExpired => Refusal is { Status: 410 } refusal && refusal.Body.Contains(SessionCode.EventsExpired, StringComparison.Ordinal);

    /// <summary>True if another connection may bring the rest. A 5xx status means that the broker knows the session but cannot send it now.</summary>
    public bool MayBeTakenUp => Kind switch
    {
        ConnectionEndKind.Broken or ConnectionEndKind.Ended or ConnectionEndKind.Silent or ConnectionEndKind.Unanswered => true,
        ConnectionEndKind.Refused => Refusal!.Status >= 500,
        _ => false,
    };
}
