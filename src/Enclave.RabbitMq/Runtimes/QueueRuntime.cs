using Enclave.Diagnostics;
using Enclave.RabbitMq.Options;
using Enclave.RabbitMq.Runtimes;
using Enclave.RabbitMq.Wire;
using Enclave.Runtime;
using Enclave.Runtime.Connections;
using Microsoft.Extensions.Logging;

namespace Enclave.RabbitMq;

/// <summary>Lets a runtime take sessions from queues of a RabbitMQ server, in addition to those over WebSocket. Thread-safe.</summary>
/// <remarks>Stop it before the runtime (<see cref="StopAsync"/>), and dispose it afterwards: the last sessions still send events over it.</remarks>
public sealed class QueueRuntime : IClientRoute, IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5), s_look = TimeSpan.FromMilliseconds(20);

    private readonly RuntimeWorker _runtime;
    private readonly QueueRuntimeOptions _options;
    private readonly RuntimeQueueLink _taker;
    private readonly QueueLink _link;
    private readonly ITimer _beat;

    private QueueRuntime(RuntimeWorker runtime, QueueRuntimeOptions options, ILogger log)
    {
        (_runtime, _options) = (runtime, options);
        TimeProvider clock = runtime.Options.TimeProvider;
        _taker = new RuntimeQueueLink(runtime, options, log);
        _link = new QueueLink(options, $"enclave runtime {_taker.Id}", _taker, clock, log);
        runtime.Attach(this);
        _link.Open();
        _beat = clock.CreateTimer((_) => _taker.OnHeartbeat(), null, options.HeartbeatInterval, options.HeartbeatInterval);
    }

    /// <summary>Why no session can come over queues now; null if sessions can come. Meanwhile <c>GET /health</c> of the runtime is 503.</summary>
    public string? Fault => _link.IsUp ? null : _link.Fault ?? "not connected to the RabbitMQ server yet";

    /// <summary>Number of refused messages that were not sessions of a broker.</summary>
    public long RefusedMessages => _taker.Refused;

    /// <summary>Begins to take sessions, as soon as the server is connected and brokers have declared the queues.</summary>
    /// <param name="runtime">The runtime, started.</param>
    /// <param name="options">Name the server.</param>
    /// <param name="log">Logs connections and refusals; null for no log.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the address has an unknown part.</exception>
    /// <exception cref="IOException">The file with the authorities cannot be read.</exception>
    public static QueueRuntime Start(RuntimeWorker runtime, QueueRuntimeOptions options, ILogger? log = null)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(options);
        QueueOptionsCheck.ReadEnvironment(options);
        QueueOptionsCheck.Check(options);
        if (options.TrustClasses.Count > runtime.Options.MaxSessions)
            throw new ArgumentException("there are more TrustClasses than slots for sessions (MaxSessions)", nameof(options));
        if (runtime.Options.MaxSessions > Presence.MaxSlots)
        {
            throw new ArgumentException(
                $"MaxSessions is 1 to {Presence.MaxSlots} for a runtime with queues, not {runtime.Options.MaxSessions}", nameof(runtime));
        }

        return new QueueRuntime(runtime, options, SafeLogger.Of(log));
    }

    /// <summary>Completes when sessions can come for the first time.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task WhenConnectedAsync(CancellationToken cancellationToken = default) => _link.First.WaitAsync(cancellationToken);

    /// <summary>Takes no more sessions. Running ones continue and send their events until <see cref="DisposeAsync"/>.</summary>
    public async Task StopAsync()
    {
        await _taker.StopTakingAsync().ConfigureAwait(false);
        TimeProvider clock = _runtime.Options.TimeProvider;
        // Waits until runs taken a moment ago begin or are returned.
        for (long since = clock.GetTimestamp(); _taker.Asking > 0 && clock.GetElapsedTime(since) < _options.AskTimeout * 2;)
            await Task.Delay(s_look, clock).ConfigureAwait(false);
    }

    /// <summary>Sends queued messages and disconnects. Sessions that still run end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _taker.StopTakingAsync().ConfigureAwait(false);
        await _beat.DisposeAsync().ConfigureAwait(false);
        await _taker.FlushAsync().WaitAsync(s_patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _link.DisposeAsync().ConfigureAwait(false);
        _runtime.Detach(this);
    }

    /// <summary>As <see cref="DisposeAsync"/>, for owners that cannot await: it waits 30 s at most, and throws nothing.</summary>
    public void Dispose() => Task.WaitAny([Task.Run(() => DisposeAsync().AsTask())], TimeSpan.FromSeconds(30));
}
