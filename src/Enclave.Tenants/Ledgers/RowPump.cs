using System.Threading.Channels;
using Enclave.Limits;

namespace Enclave.Tenants.Ledgers;

/// <summary>Writes rows to the ledger in batches, and repeats a batch that failed. No run waits for this.</summary>
internal sealed class RowPump : IAsyncDisposable
{
    /// <summary>Rows that may wait. At this number runs are refused, because a run without a row would not be billed.</summary>
    public const int MaxWaiting = 100_000;

    private const int MaxBatch = 1000;

    // Rows are collected for this time and written at once. Runs do not wait for it.
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(20);

    private static readonly RetryDelay s_pause = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));
    private static readonly TimeSpan s_lastTry = TimeSpan.FromSeconds(5);

    private readonly Channel<LedgerRow> _rows = Channel.CreateUnbounded<LedgerRow>();
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _givenUp = new();
    private readonly Func<IReadOnlyList<LedgerRow>, CancellationToken, ValueTask> _write;
    private readonly Action<Exception> _failed;
    private readonly Task _pump;
    private int _waiting;

    /// <param name="write">Writes rows.</param>
    /// <param name="failed">Called each time with the reason why that failed.</param>
    public RowPump(Func<IReadOnlyList<LedgerRow>, CancellationToken, ValueTask> write, Action<Exception> failed)
    {
        (_write, _failed) = (write, failed);
        _pump = Task.Run(PumpAsync);
    }

    /// <summary>Rows that wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public void Add(LedgerRow row)
    {
        Interlocked.Increment(ref _waiting);
        _rows.Writer.TryWrite(row);
    }

    /// <summary>Writes what waits, and gives up after 5 s.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested) return;
        _rows.Writer.TryComplete();
        await _closing.CancelAsync().ConfigureAwait(false);
        _givenUp.CancelAfter(s_lastTry);
        await _pump.ConfigureAwait(false);
        _closing.Dispose();
        _givenUp.Dispose();
    }

    private async Task PumpAsync()
    {
        var batch = new List<LedgerRow>();
        while (await _rows.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            if (!_closing.IsCancellationRequested && _rows.Reader.Count < MaxBatch)
                await Task.Delay(s_gather, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            batch.Clear();
            while (batch.Count < MaxBatch && _rows.Reader.TryRead(out LedgerRow? row)) batch.Add(row);
            await WriteAsync(batch).ConfigureAwait(false);
            Interlocked.Add(ref _waiting, -batch.Count);
        }
    }

    private async Task WriteAsync(List<LedgerRow> batch)
    {
        for (int failures = 0; !_givenUp.IsCancellationRequested; failures++)
        {
            try
            {
                await _write(batch, _givenUp.Token).ConfigureAwait(false);
                return;
            }
#pragma warning disable CA1031 // A sink is the application's code and may throw anything. The batch is written again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                _failed(fault);
            }

            // A program that stops does not wait for the rest of a pause.
            var pause = _closing.IsCancellationRequested ? _givenUp.Token : _closing.Token;
            TimeSpan time = _closing.IsCancellationRequested ? TimeSpan.FromMilliseconds(100) : s_pause.Spread(failures);
            await Task.Delay(time, pause).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
