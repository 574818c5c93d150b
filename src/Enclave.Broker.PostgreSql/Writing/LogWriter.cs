using System.Threading.Channels;
using Enclave.Broker.PostgreSql.Sessions;
using Enclave.Broker.PostgreSql.Statements;
using Enclave.Broker.Sessions;
using Enclave.Broker.Store;
using Enclave.Limits;

namespace Enclave.Broker.PostgreSql.Writing;

/// <summary>Writes the events of all sessions of this broker in order. While one batch is being written, the next one collects.</summary>
internal sealed class LogWriter(Database database, long broker, PostgreSqlStoreOptions options, TimeProvider clock, Action<string> revoke)
{
    /// <summary>One session may use this fraction of the bytes that may wait.</summary>
    private const int SessionShare = 8;

    private static readonly RetryDelay s_pause = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1));

    private readonly Channel<StoredLine> _waiting = Channel.CreateUnbounded<StoredLine>(new UnboundedChannelOptions { SingleReader = true });
    private long _bytes;

    /// <summary>
    /// Adds an event. If too many bytes wait, for its session or in all, the event is kept but its
    /// session is cancelled: a flood affects only the session that causes it.
    /// </summary>
    public void Add(StoredLine entry)
    {
        long all = Interlocked.Add(ref _bytes, entry.Line.Length), ofSession = entry.Session.AddPending(entry.Line.Length);
        _waiting.Writer.TryWrite(entry);
        // A single event is not a flood, whatever its size.
        if (all <= options.MaxPendingBytes && (ofSession <= options.MaxPendingBytes / SessionShare || ofSession == entry.Line.Length)) return;
        // On another thread: this one holds the lock of the session's events.
        _ = Task.Run(() => entry.Session.Session.Stop(SessionEnd.Cancelled("its events come faster than the store can write them (MaxPendingBytes)")));
    }

    /// <summary>Writes until it is cancelled or the lease is lost.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await _waiting.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var batch = new LogBatch();
            while (!batch.IsFull && _waiting.Reader.TryRead(out StoredLine? entry)) batch.Add(entry);
            if (batch.IsEmpty) continue;
            if (!await WriteAsync(batch, cancellationToken).ConfigureAwait(false)) return;
            Interlocked.Add(ref _bytes, -batch.Bytes);
            batch.Show();
        }
    }

    /// <summary>
    /// Writes a batch. Returns false if the lease is lost. A batch that may have been written when a connection broke is written again, without effect.
    /// </summary>
    private async Task<bool> WriteAsync(LogBatch batch, CancellationToken cancellationToken)
    {
        object?[] parameters = batch.Parameters(broker, clock.GetTimestamp());
        int failures = 0;
        long? failing = null;
        while (true)
        {
            try
            {
                List<long> leases =
                    await database.RowsAsync(SqlStatement.Append, static (row) => row.GetInt64(0), cancellationToken, parameters).ConfigureAwait(false);
                if (leases[0] == 1) return true;
                revoke("another broker declared it dead");
                return false;
            }
            catch (StoreException fault)
            {
                if (clock.GetElapsedTime(failing ??= clock.GetTimestamp()) >= options.Patience)
                {
                    revoke($"nothing could be written for {options.Patience.TotalSeconds:0.###} s (Patience): {fault.Message}");
                    return false;
                }

                await Task.Delay(s_pause.After(++failures), clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
