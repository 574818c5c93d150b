using Enclave.Streaming;

namespace Enclave.Runtime;

/// <summary>Hooks of one session. Called on threads of the runtime. Exceptions are ignored.</summary>
public sealed record RuntimeSessionHooks
{
    /// <summary>A message of the peer for this session, before it is handled.</summary>
    public Action<ChannelMessage>? OnMessage { get; init; }

    /// <summary>The session has ended.</summary>
    public Action? OnClose { get; init; }
}
