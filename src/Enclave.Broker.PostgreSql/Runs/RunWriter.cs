using System.Threading.Channels;
using Enclave.Broker.PostgreSql.Statements;
using Enclave.Limits;
using Npgsql;

namespace Enclave.Broker.PostgreSql.Runs;

/// <summary>Writes what the runs of this host append, many runs in one transaction. While one is written, the next one collects.</summary>
/// <param name="source">Its connections.</param>
/// <param name="patience">How long it tries while the database is unavailable.</param>
internal sealed class RunWriter(NpgsqlDataSource source, TimeSpan patience)
{
    private const int MaxChanges = 500, MaxBytes = 8 << 20;

    private static readonly RetryDelay s_pause = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1));

    private readonly Channel<RunChange> _waiting = Channel.CreateUnbounded<RunChange>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Adds a change. Each run has one at a time.</summary>
    public Task<long> AddAsync(RunChange change)
    {
        if (!_waiting.Writer.TryWrite(change)) change.Fail(new JournalException(JournalFault.Unavailable, "the store of durable runs was disposed"));
        return change.Done;
    }

    /// <summary>No more changes are taken. Those that wait are written.</summary>
    public void Complete() => _waiting.Writer.TryComplete();

    /// <summary>Writes until it is completed.</summary>
    public async Task RunAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            var batch = new List<RunChange>();
            int bytes = 0;
            while (batch.Count < MaxChanges && bytes < MaxBytes && _waiting.Reader.TryPeek(out RunChange? next))
            {
                // All changes of a batch belong to one lease. The next lease begins after the last one was lost.
                if (batch.Count > 0 && next.Host != batch[0].Host) break;
                _waiting.Reader.TryRead(out _);
                batch.Add(next);
                bytes += next.Bytes;
            }

            try
            {
                await WriteAsync(batch, isRepeated: false).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // The runs of this batch fail; others are still written.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                foreach (RunChange change in batch) change.Fail(Unavailable(fault));
            }
        }
    }

    private async Task WriteAsync(List<RunChange> batch, bool isRepeated)
    {
        long? failing = null;
        for (int failures = 0; ; failures++)
        {
            try
            {
                Dictionary<RunChange, long> written = await new RunBatch(batch).WriteAsync(source, isRepeated || failures > 0).ConfigureAwait(false);
                foreach (RunChange change in batch) change.Complete(written.GetValueOrDefault(change));
                return;
            }
            catch (PostgresException fault) when (!IsPassing(fault))
            {
                // One of the changes made the batch fail. Write each on its own, so that the others are stored.
                if (batch.Count > 1) foreach (RunChange change in batch) await WriteAsync([change], isRepeated: true).ConfigureAwait(false);
                else batch[0].Fail(Unavailable(fault));
                return;
            }
            catch (Exception fault) when (Database.IsOutage(fault))
            {
                // After one connection broke, the idle ones are broken as well.
                if (fault is not PostgresException) source.Clear();
                failing ??= Environment.TickCount64;
                if (fault is ObjectDisposedException || Environment.TickCount64 - failing >= patience.TotalMilliseconds)
                {
                    foreach (RunChange change in batch) change.Fail(Unavailable(fault));
                    return;
                }

                await Task.Delay(s_pause.After(failures + 1)).ConfigureAwait(false);
            }
        }
    }

    /// <summary>True if the server may take the same statement later: it stops, starts, recovers, or ended a deadlock.</summary>
    /// <remarks>Class 57 is an operator's intervention (PostgreSQL, appendix A).</remarks>
    private static bool IsPassing(PostgresException fault) => fault.IsTransient || fault.SqlState.StartsWith("57", StringComparison.Ordinal);

    private static JournalException Unavailable(Exception fault) =>
        new(JournalFault.Unavailable, $"the database of durable runs failed: {fault.Message}", fault);
}
