using System.Text.Json;

namespace Enclave.Client.Sessions;

/// <summary>How to open a session.</summary>
internal sealed record ClientSessionPlan
{
    /// <summary>The requested name.</summary>
    public required string SessionId { get; init; }

    /// <summary>The first request. Sent once.</summary>
    public required StreamRequest Opening { get; init; }

    /// <summary>The action of the first request, for messages.</summary>
    public required string OpeningAction { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required IEventOpener Opener { get; init; }

    public JsonElement? Filter { get; init; }

    /// <summary>The first event number wanted; null for all.</summary>
    public long? From { get; init; }
}
