using Enclave.Streaming;

namespace Enclave.Runtime.Connections;

/// <summary>Sends to the peer at the other end of a channel.</summary>
internal sealed class ChannelClientConnection(IRuntimeChannel channel) : IClientConnection
{
    public bool TrySend(SessionEvent sent) => TrySend(() => channel.Send(sent));

    public bool TrySend(ChannelMessage message) => TrySend(() => channel.Send(message));

    private static bool TrySend(Action send)
    {
        try
        {
            send();
            return true;
        }
        catch (RuntimeChannelException)
        {
            return false;
        }
    }
}
