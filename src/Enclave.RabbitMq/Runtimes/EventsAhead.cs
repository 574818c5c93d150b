using Enclave.RabbitMq.Wire;

namespace Enclave.RabbitMq.Runtimes;

/// <summary>The events of one run that its reader has not read yet. The run waits while there are too many.</summary>
/// <param name="windowBytes">How far the run may be ahead (<see cref="EventWindow"/>); 0 if the broker does not report the events read.</param>
internal sealed class EventsAhead(int windowBytes)
{
    private readonly Lock _gate = new();
    private readonly Queue<(long Number, int Bytes)> _sent = new();
    private long _bytes;
    private bool _isClosed;
    private TaskCompletionSource? _room;

    /// <summary>Completes when the run may send its next event. Returns false if the reader is gone.</summary>
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

            // Closed by the end of the session, and when its broker is silent or gone.
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

    /// <summary>The reader has read the events up to this number.</summary>
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
