using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Enclave.Diagnostics;
using Enclave.Limits;
using Microsoft.Extensions.Logging;

namespace Enclave.Audit;

/// <summary>Connects runs with the sink: a bounded queue, and one task that empties it.</summary>
internal sealed class AuditLog : IAsyncDisposable
{
    private const int MaxBatch = 500;
    private static readonly RetryDelay s_pause = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));

    private readonly Channel<AuditRecord> _queue = Channel.CreateUnbounded<AuditRecord>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenSource _givenUp = new();
    private readonly string _host;
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

    /// <param name="options">Its options.</param>
    /// <param name="host">The host's random id.</param>
    /// <param name="level">The host's level.</param>
    /// <param name="clock">The clock of its records.</param>
    /// <param name="log">The host's log.</param>
    public AuditLog(AuditOptions options, string host, SecurityLevel level, TimeProvider clock, ILogger log)
    {
        (Options, _host, _level, Clock, _log) = (options, host, level, clock, log);
        _pump = Task.Run(PumpAsync);
    }

    public AuditOptions Options { get; }

    public TimeProvider Clock { get; }

    /// <summary>Records that wait for the sink.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Records dropped since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>True if the sink's last answer was a failure.</summary>
    public bool IsFailing => Volatile.Read(ref _failing) != 0;

    /// <summary>True if a new run must be refused.</summary>
    public bool RefusesRuns => Options.WhenFull == AuditOverflow.Refuse && Waiting >= Options.QueueSize;

    /// <summary>Creates the trail of a run.</summary>
    public AuditTrail Begin(long job, string id, string code, RunOptions? run, AuditedRunKind kind) => new(this, new AuditRecord
    {
        Host = _host,
        Time = default,
        Kind = AuditRecordKind.Run,
        Job = job,
        RunId = id,
        Tenant = run?.Tenant,
        PolicyVersion = run?.PolicyVersion,
        Source = run?.SourceName ?? RunOptions.DefaultSourceName,
        CodeSha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code))),
        Level = _level,
        Replay = kind == AuditedRunKind.Replay ? true : null,
    });

    /// <summary>A record of this host, of this moment.</summary>
    public AuditRecord New(AuditRecordKind kind) => new() { Host = _host, Time = Clock.GetUtcNow(), Kind = kind, Level = _level };

    /// <summary>Queues a record, or counts it as dropped. Never blocks.</summary>
    public void Add(AuditRecord record)
    {
        // With Refuse the queue is closed to new runs. Records of running ones are still accepted.
        if (Interlocked.Increment(ref _waiting) > Options.QueueSize && Options.WhenFull == AuditOverflow.Drop)
        {
            Interlocked.Decrement(ref _waiting);
            Drop();
        }
        else if (!_queue.Writer.TryWrite(record))
        {
            // The host was disposed while the run was still being checked.
            Interlocked.Decrement(ref _waiting);
            Interlocked.Increment(ref _dropped);
            Log.AuditClosed(_log);
        }
    }

    /// <summary>Counts a dropped record.</summary>
    public void Drop()
    {
        Interlocked.Increment(ref _dropped);
        Interlocked.Increment(ref _untold);
        if (Interlocked.Exchange(ref _overflowing, 1) == 0) Log.AuditQueueFull(_log, Options.QueueSize, Options.WhenFull.ToString());
    }

    /// <summary>Gives the sink <see cref="AuditOptions.FlushTimeout"/> for the remaining records, then logs how many it did not take.</summary>
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
            // Counted before cancelling: a sink that obeys the token may end at once without taking them.
            int left = Waiting;
            // On the thread pool, because callbacks of a sink may block.
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

    /// <summary>Retries until the sink takes it. False if the host gave up.</summary>
    private async Task<bool> TryWriteAsync(List<AuditRecord> batch)
    {
        // A copy, so that the sink may keep it.
        AuditRecord[] records = [.. batch];
        for (int failures = 1; !_givenUp.IsCancellationRequested; failures++)
        {
            try
            {
                await Options.Sink.WriteAsync(records, _givenUp.Token).ConfigureAwait(false);
                if (Interlocked.Exchange(ref _failing, 0) != 0) Log.AuditSinkRecovered(_log, Waiting);
                return true;
            }
#pragma warning disable CA1031 // A sink may throw anything; the write is repeated.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                if (Interlocked.Exchange(ref _failing, 1) == 0) Log.AuditSinkFailed(_log, fault, Waiting);
            }

            await PauseAsync(s_pause.After(failures)).ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>Shorter while the host is being disposed, because the deadline is near.</summary>
    private async Task PauseAsync(TimeSpan pause)
    {
        if (!_closing.IsCancellationRequested)
        {
            await Task.Delay(pause, Clock, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        await Task.Delay(s_pause.First, Clock, _givenUp.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
