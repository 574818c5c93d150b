using Enclave.Streaming;

namespace Enclave.Runtime;

/// <summary>Told of one session. Called on threads of the runtime; what a hook throws is passed over.</summary>
public sealed record RuntimeSessionHooks
{
    /// <summary>A message of the peer for this session, before it is followed.</summary>
    public Action<ChannelMessage>? OnMessage { get; init; }

    /// <summary>The session has ended.</summary>
    public Action? OnClose { get; init; }
}
