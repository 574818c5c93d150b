namespace Enclave.Broker.Sessions;

/// <summary>
/// Bounds how many journals of durable sessions are read at once: one of an owner, and a few in all. A journal takes many times its bytes while it is read.
/// </summary>
internal sealed class JournalReads : IDisposable
{
    /// <summary>Owners wait for their own reads first, so that many reads of one owner do not delay others. Few of them share a door.</summary>
    private const int Doors = 64;

    private const int MaxAtOnce = 4;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim[] _doors = [.. Enumerable.Range(0, Doors).Select((_) => new SemaphoreSlim(1, 1))];
    private readonly SemaphoreSlim _room = new(MaxAtOnce, MaxAtOnce);

    /// <summary>Reads when it is this owner's turn. Returns false if that took too long.</summary>
    public async Task<bool> TryAsync(string owner, Func<Task> read, CancellationToken cancellationToken)
    {
        SemaphoreSlim door = _doors[(uint)owner.GetHashCode(StringComparison.Ordinal) % Doors];
        if (!await door.WaitAsync(s_patience, cancellationToken).ConfigureAwait(false)) return false;
        try
        {
            if (!await _room.WaitAsync(s_patience, cancellationToken).ConfigureAwait(false)) return false;
            try
            {
                await read().ConfigureAwait(false);
                return true;
            }
            finally
            {
                _room.Release();
            }
        }
        finally
        {
            door.Release();
        }
    }

    public void Dispose()
    {
        foreach (SemaphoreSlim door in _doors) door.Dispose();
        _room.Dispose();
    }
}
