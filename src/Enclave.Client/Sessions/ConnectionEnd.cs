using Enclave.Client.Http;

namespace Enclave.Client.Sessions;

/// <summary>How one connection of a stream ended.</summary>
/// <param name="Kind">How.</param>
/// <param name="Message">In words.</param>
internal sealed record ConnectionEnd(ConnectionEndKind Kind, string Message)
{
    /// <summary>The refusal; null for every other end.</summary>
    public Answer? Refusal { get; init; }

    /// <summary>The code of what cannot be read; null for every other end.</summary>
    public string? Code { get; init; }

    /// <summary>The last event; null for every other end.</summary>
    public Streaming.Final? Final { get; init; }

    /// <summary>Whether the broker has let go of the events that were asked for. It has later ones.</summary>
    public bool IsExpired => Refusal is { Status: 410 } refusal && refusal.Body.Contains("EVENTS_EXPIRED", StringComparison.Ordinal);

    /// <summary>Whether another connection may bring the rest. A broker that knows the session and cannot give it now says 5xx.</summary>
    public bool MayBeTakenUp => Kind switch
    {
        ConnectionEndKind.Broken or ConnectionEndKind.Ended or ConnectionEndKind.Silent or ConnectionEndKind.Unanswered => true,
        ConnectionEndKind.Refused => Refusal!.Status >= 500,
        _ => false,
    };
}
