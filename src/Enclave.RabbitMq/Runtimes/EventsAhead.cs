using Enclave.RabbitMq.Wire;

namespace Enclave.RabbitMq.Runtimes;

/// <summary>The events of one run that its reader has not taken yet. The run waits while they are too many.</summary>
/// <param name="windowBytes">How far the run may be ahead (<see cref="EventWindow"/>); 0 where the broker does not tell what was taken.</param>
internal sealed class EventsAhead(int windowBytes)
{
    private readonly Lock _gate = new();
    private readonly Queue<(long Number, int Bytes)> _sent = new();
    private long _bytes;
    private bool _isClosed;
    private TaskCompletionSource? _room;

    /// <summary>Completes when the run may send its next event: false when nobody reads any more.</summary>
    public async ValueTask<bool> HasRoomAsync()
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (_isClosed) return false;
                if (!EventWindow.IsFull(_bytes, windowBytes)) return true;
                room = (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            // A broker that is silent or gone closes this, and so does the session's end.
            await room.ConfigureAwait(false);
        }
    }

    public void Add(long number, int bodyBytes)
    {
        if (windowBytes == 0) return;
        lock (_gate)
        {
            int bytes = EventWindow.CostOf(bodyBytes);
            _sent.Enqueue((number, bytes));
            _bytes += bytes;
        }
    }

    /// <summary>The reader has the event of this number, and all before it.</summary>
    public void Remove(long number)
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            while (_sent.TryPeek(out (long Number, int Bytes) oldest) && oldest.Number <= number) _bytes -= _sent.Dequeue().Bytes;
            (room, _room) = (_room, null);
        }

        room?.TrySetResult();
    }

    /// <summary>The run is over.</summary>
    public void Close()
    {
        TaskCompletionSource? room;
        lock (_gate) (_isClosed, room, _room) = (true, _room, null);
        room?.TrySetResult();
    }
}
