namespace Enclave.Limits;

/// <summary>
/// Limits work at the same time: one piece for each owner, and a number in all. An owner's work first waits for the same owner's. Thread-safe.
/// </summary>
/// <param name="most">The most pieces of work at the same time.</param>
#pragma warning disable CA1001 // The wait handles of its semaphores are never created, so there is nothing to dispose.
internal sealed class FairTurns(int most)
#pragma warning restore CA1001
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Door> _doors = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _room = new(most, most);

    /// <summary>Waits for the owner's turn, which lasts until it is disposed; null if it did not come in time.</summary>
    public async Task<IDisposable?> TryEnterAsync(string owner, TimeSpan patience, CancellationToken cancellationToken)
    {
        Door door = Come(owner);
        bool isFirst = false, hasRoom = false;
        try
        {
            isFirst = await door.Free.WaitAsync(patience, cancellationToken).ConfigureAwait(false);
            hasRoom = isFirst && await _room.WaitAsync(patience, cancellationToken).ConfigureAwait(false);
            return hasRoom ? new Turn(this, door) : null;
        }
        finally
        {
            if (!hasRoom) Leave(door, isFirst);
        }
    }

    private Door Come(string owner)
    {
        lock (_gate)
        {
            if (!_doors.TryGetValue(owner, out Door? door)) _doors.Add(owner, door = new Door(owner));
            door.Users++;
            return door;
        }
    }

    private void Leave(Door door, bool isFirst)
    {
        if (isFirst) door.Free.Release();
        lock (_gate)
        {
            if (--door.Users == 0) _doors.Remove(door.Owner);
        }
    }

    private sealed class Door(string owner)
    {
        public string Owner => owner;

        public SemaphoreSlim Free { get; } = new(1, 1);

        public int Users { get; set; }
    }

    private sealed class Turn(FairTurns turns, Door door) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) != 0) return;
            turns._room.Release();
            turns.Leave(door, isFirst: true);
        }
    }
}
