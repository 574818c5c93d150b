using Enclave.Runtime.Sessions;
using Enclave.Streaming;

namespace Enclave.Runtime.Connections;

/// <summary>Sends to a peer without waiting.</summary>
internal interface IClientConnection : IEventSink
{
    /// <summary>Whether the message will get there.</summary>
    bool TrySend(ChannelMessage message);
}
