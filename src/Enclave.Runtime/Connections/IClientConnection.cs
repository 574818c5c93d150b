using Enclave.Runtime.Sessions;
using Enclave.Streaming;

namespace Enclave.Runtime.Connections;

/// <summary>The way to a peer. Nobody waits for it.</summary>
internal interface IClientConnection : IEventSink
{
    /// <summary>Whether the message will get there.</summary>
    bool TrySend(ChannelMessage message);
}
