using Enclave.Runtime.Sessions;
using Enclave.Streaming;

namespace Enclave.Runtime.Connections;

/// <summary>Sends to a peer without waiting.</summary>
public interface IClientConnection : IEventSink
{
    /// <summary>Sends a message. Returns false if the peer will not get it.</summary>
    bool TrySend(ChannelMessage message);
}
