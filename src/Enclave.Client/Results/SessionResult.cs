using System.Text.Json;
using Enclave.Streaming;

namespace Enclave.Client;

/// <summary>The result of a session. Every session has exactly one, even if the broker fails.</summary>
public sealed record SessionResult
{
    /// <summary>True if the script ended without a failure.</summary>
    public bool Success => Error is null;

    /// <summary>The session's name at the broker.</summary>
    public required string SessionId { get; init; }

    /// <summary>
    /// The value that the script returned; null if it returned nothing or failed. A returned
    /// <c>null</c> is an element of kind <see cref="JsonValueKind.Null"/>.
    /// </summary>
    public JsonElement? Value { get; init; }

    /// <summary>Why it failed; null if it succeeded.</summary>
    public ClientError? Error { get; init; }

    /// <summary>Failures during the run, also of a successful script. Default: none.</summary>
    public IReadOnlyList<ErrorPayload> Errors { get; init; } = [];

    /// <summary>Statistics of the client.</summary>
    public required SessionStats Stats { get; init; }

    /// <summary>Statistics of the broker; null if it sent none, or if there was no last event.</summary>
    public FinalStats? BrokerStats { get; init; }

    /// <summary>
    /// The events in order and without repeats, up to <see cref="EnclaveClientOptions.MaxKeptEvents"/> and
    /// <see cref="EnclaveClientOptions.MaxKeptBytes"/>.
    /// </summary>
    public required IReadOnlyList<SessionEvent> Events { get; init; }

    /// <summary>Events that arrived and are not in <see cref="Events"/>.</summary>
    public long EventsNotKept { get; init; }

    /// <summary>
    /// Numbers of events that did not arrive or were unreadable, as ranges. Empty for a session with a filter, where gaps are normal. At most 100.
    /// </summary>
    public IReadOnlyList<SequenceGap> Missing { get; init; } = [];
}
