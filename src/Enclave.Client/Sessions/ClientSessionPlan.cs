using System.Text.Json;

namespace Enclave.Client.Sessions;

/// <summary>How to open a session.</summary>
internal sealed record ClientSessionPlan
{
    /// <summary>The requested name.</summary>
    public required string SessionId { get; init; }

    /// <summary>The address of the first request, which is sent once.</summary>
    public required Uri Address { get; init; }

    /// <summary>The body of the first request, which starts the session; null to read an existing one.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The action of the first request, for messages.</summary>
    public required string OpeningAction { get; init; }

    public required TimeSpan Timeout { get; init; }

    /// <summary>Decrypts the events; null if no encryption was asked for.</summary>
    public SealedEvents? Opener { get; init; }

    public JsonElement? Filter { get; init; }

    /// <summary>The first event number wanted; null for all.</summary>
    public long? From { get; init; }
}
