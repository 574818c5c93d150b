using System.Text.Json;
using Enclave.Streaming;

namespace Enclave.Client;

/// <summary>How a session ended. Every session has exactly one, whatever the broker does.</summary>
public sealed record SessionResult
{
    /// <summary>Whether the script ended without a failure.</summary>
    public bool Success => Error is null;

    /// <summary>The session, as the broker calls it.</summary>
    public required string SessionId { get; init; }

    /// <summary>What the script returned; null when it returned nothing, or failed. A returned <c>null</c> is an element of kind <see cref="JsonValueKind.Null"/>.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    public ClientError? Error { get; init; }

    /// <summary>Failures on the way, a successful script's as well. Default: none.</summary>
    public IReadOnlyList<ErrorPayload> Errors { get; init; } = [];

    /// <summary>What the client counted.</summary>
    public required SessionStats Stats { get; init; }

    /// <summary>What the broker counted; null when it did not say, or there was no last event.</summary>
    public FinalStats? BrokerStats { get; init; }

    /// <summary>The events in order, without repeats, as far as <see cref="EnclaveClientOptions.MaxKeptEvents"/> and <see cref="EnclaveClientOptions.MaxKeptBytes"/> go.</summary>
    public required IReadOnlyList<SessionEvent> Events { get; init; }

    /// <summary>Events that came and are not in <see cref="Events"/>.</summary>
    public long EventsNotKept { get; init; }

    /// <summary>Numbers of events that never came, or came in a form that cannot be read, as ranges. Empty for a session with a filter, whose holes mean nothing. At most 100.</summary>
    public IReadOnlyList<SequenceGap> Missing { get; init; } = [];
}
