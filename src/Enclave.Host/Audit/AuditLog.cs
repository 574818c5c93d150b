using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Enclave.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Enclave.Audit;

/// <summary>Stands between runs and the sink: a bounded queue, and one task that empties it.</summary>
internal sealed class AuditLog : IAsyncDisposable
{
    private const int MaxBatch = 500;
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);

    private readonly Channel<AuditRecord> _queue = Channel.CreateUnbounded<AuditRecord>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _givenUp = new();
    private readonly string _host = Guid.NewGuid().ToString("N");
    private readonly SecurityLevel _level;
    private readonly ILogger _log;
    private readonly Task _pump;
    private long _sequence;
    private int _waiting;
    private long _dropped;
    private long _untold;
    private int _overflowing;
    private int _failing;
    private int _closed;

    public AuditLog(AuditOptions options, SecurityLevel level, TimeProvider clock, ILogger log)
    {
        (Options, _level, Clock, _log) = (options, level, clock, log);
        _pump = Task.Run(PumpAsync);
    }

    public AuditOptions Options { get; }

    public TimeProvider Clock { get; }

    /// <summary>Records that the sink has not taken yet.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Records dropped since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>True if the sink's last answer was a failure.</summary>
    public bool IsFailing => Volatile.Read(ref _failing) != 0;

    /// <summary>True if a new run has to be refused.</summary>
    public bool RefusesRuns => Options.WhenFull == AuditOverflow.Refuse && Waiting >= Options.QueueSize;

    /// <summary>The trail of a run that has been asked for.</summary>
    public AuditTrail Begin(long job, string code, RunOptions? run, AuditedRunKind kind) => new(this, new AuditRecord
    {
        Host = _host,
        Time = default,
        Kind = AuditRecordKind.Run,
        Job = job,
        Tenant = run?.Tenant,
        Source = run?.SourceName ?? "script.js",
        CodeSha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code))),
        Level = _level,
        Replay = kind == AuditedRunKind.Replay ? true : null,
    });

    /// <summary>Queues a record, or counts it as dropped. Never blocks.</summary>
    public void Add(AuditRecord record)
    {
        // With Refuse the queue is closed to runs, not to what those under way still have to say.
        if (Interlocked.Increment(ref _waiting) > Options.QueueSize && Options.WhenFull == AuditOverflow.Drop)
        {
            Interlocked.Decrement(ref _waiting);
            Drop();
        }
        else if (!_queue.Writer.TryWrite(record))
        {
            // The host was disposed while it was still being judged.
            Interlocked.Decrement(ref _waiting);
            Interlocked.Increment(ref _dropped);
            Log.AuditClosed(_log);
        }
    }

    /// <summary>Counts a record that is not kept.</summary>
    public void Drop()
    {
        Interlocked.Increment(ref _dropped);
        Interlocked.Increment(ref _untold);
        if (Interlocked.Exchange(ref _overflowing, 1) == 0) Log.AuditQueueFull(_log, Options.QueueSize, Options.WhenFull.ToString());
    }

    /// <summary>Lets the sink take what is left, within <see cref="AuditOptions.FlushTimeout"/>; then tells how much it did not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            await _pump.WaitAsync(Options.FlushTimeout, Clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        _queue.Writer.TryComplete();
        await _closing.CancelAsync().ConfigureAwait(false);
        try
        {
            await _pump.WaitAsync(Options.FlushTimeout, Clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Counted first: a sink that heeds the token may have ended by then, and none of this was taken.
            int left = Waiting;
            // On the pool: a sink's own callbacks may block.
            _ = _givenUp.CancelAsync();
            Log.AuditNotFlushed(_log, left, Options.FlushTimeout);
        }
    }

    private async Task PumpAsync()
    {
        var batch = new List<AuditRecord>(MaxBatch);
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false) || Interlocked.Read(ref _untold) > 0)
        {
            batch.Clear();
            while (batch.Count < MaxBatch - 1 && _queue.Reader.TryRead(out AuditRecord? record)) batch.Add(record with { Sequence = ++_sequence });
            int taken = batch.Count;
            if (Interlocked.Exchange(ref _untold, 0) is > 0 and var lost)
            {
                batch.Add(new AuditRecord { Host = _host, Sequence = ++_sequence, Time = Clock.GetUtcNow(), Kind = AuditRecordKind.Lost, Count = lost });
            }

            if (batch.Count > 0 && !await TryWriteAsync(batch).ConfigureAwait(false)) return;
            Interlocked.Add(ref _waiting, -taken);
            Volatile.Write(ref _overflowing, 0);
        }
    }

    /// <summary>Until the sink takes it. False when the host has given up.</summary>
    private async Task<bool> TryWriteAsync(List<AuditRecord> batch)
    {
        // Nobody changes what a sink holds on to.
        AuditRecord[] records = [.. batch];
        for (TimeSpan pause = s_firstPause; !_givenUp.IsCancellationRequested; pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause)
        {
            try
            {
                await Options.Sink.WriteAsync(records, _givenUp.Token).ConfigureAwait(false);
                if (Interlocked.Exchange(ref _failing, 0) != 0) Log.AuditSinkRecovered(_log, Waiting);
                return true;
            }
#pragma warning disable CA1031 // A sink may fail with anything; it is asked again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                if (Interlocked.Exchange(ref _failing, 1) == 0) Log.AuditSinkFailed(_log, fault, Waiting);
            }

            await PauseAsync(pause).ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>Short once the host is being disposed: the deadline is near.</summary>
    private async Task PauseAsync(TimeSpan pause)
    {
        if (!_closing.IsCancellationRequested)
        {
            await Task.Delay(pause, Clock, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        await Task.Delay(s_firstPause, Clock, _givenUp.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
