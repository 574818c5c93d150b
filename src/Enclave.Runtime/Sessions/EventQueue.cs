using System.Threading.Channels;
using Enclave.Streaming;

namespace Enclave.Runtime.Sessions;

/// <summary>A bounded queue of events for one reader. If it is full, the session waits for the reader.</summary>
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

    public async ValueTask<bool> SendAsync(SessionEvent sent)
    {
        while (!_events.Writer.TryWrite(sent))
        {
            if (!await _events.Writer.WaitToWriteAsync().ConfigureAwait(false)) return false;
        }

        if (sent.Payload is Final) _events.Writer.TryComplete();
        return true;
    }

    /// <summary>The reader is gone: writers do not wait for it any more.</summary>
    public void Close() => _events.Writer.TryComplete();
}
