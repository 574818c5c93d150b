namespace Enclave.Runtime;

/// <summary>Told of connections, each by a name that the runtime makes. Called on threads of the runtime; what a handler throws is passed over.</summary>
public sealed record RuntimeConnectionHandlers
{
    /// <summary>A peer has connected.</summary>
    public Action<string>? OnConnect { get; init; }

    /// <summary>A peer has gone; its sessions end.</summary>
    public Action<string>? OnDisconnect { get; init; }

    /// <summary>A connection was ended by the runtime, and why.</summary>
    public Action<string, string>? OnError { get; init; }
}
