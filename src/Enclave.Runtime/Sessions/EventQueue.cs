using System.Threading.Channels;
using Enclave.Streaming;

namespace Enclave.Runtime.Sessions;

/// <summary>Events for one reader, as many as may wait; a reader that falls further behind ends the session.</summary>
internal sealed class EventQueue : IEventSink
{
    private const int MaxEvents = 16 << 10;

    private readonly Channel<SessionEvent> _events = Channel.CreateBounded<SessionEvent>(new BoundedChannelOptions(MaxEvents) { SingleReader = true });

    public ChannelReader<SessionEvent> Reader => _events.Reader;

    public bool TrySend(SessionEvent sent)
    {
        bool isTaken = _events.Writer.TryWrite(sent);
        if (!isTaken || sent.Payload is Final) _events.Writer.TryComplete();
        return isTaken;
    }
}
