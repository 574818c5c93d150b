namespace Enclave.Runtime;

/// <summary>Handlers for connections, each of which has a name that the runtime chooses. Called on threads of the runtime. Exceptions are ignored.</summary>
public sealed record RuntimeConnectionHandlers
{
    /// <summary>A peer has connected.</summary>
    public Action<string>? OnConnect { get; init; }

    /// <summary>A peer has disconnected; its sessions end.</summary>
    public Action<string>? OnDisconnect { get; init; }

    /// <summary>The runtime has ended a connection: its name and the reason.</summary>
    public Action<string, string>? OnError { get; init; }
}
