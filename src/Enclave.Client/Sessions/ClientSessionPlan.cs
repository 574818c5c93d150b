using System.Text.Json;

namespace Enclave.Client.Sessions;

/// <summary>What a session is to be, before its first request.</summary>
internal sealed record ClientSessionPlan
{
    /// <summary>The name that is asked for.</summary>
    public required string SessionId { get; init; }

    /// <summary>The first request. It is sent once.</summary>
    public required StreamRequest Opening { get; init; }

    /// <summary>What that does, for a message.</summary>
    public required string Opens { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required IEventOpener Opener { get; init; }

    public JsonElement? Filter { get; init; }

    /// <summary>The first number that is wanted; null for all.</summary>
    public long? From { get; init; }
}
