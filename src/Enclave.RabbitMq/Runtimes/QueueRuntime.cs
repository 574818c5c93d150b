using Enclave.RabbitMq.Options;
using Enclave.RabbitMq.Runtimes;
using Enclave.RabbitMq.Wire;
using Enclave.Runtime;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enclave.RabbitMq;

/// <summary>Has a runtime take sessions from queues of a RabbitMQ server, beside those that come over WebSocket. Safe for use from any number of threads.</summary>
/// <remarks>Stop it before the runtime (<see cref="StopAsync"/>), and dispose it after: what the last sessions say goes this way.</remarks>
public sealed class QueueRuntime : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5), s_look = TimeSpan.FromMilliseconds(20);

    private readonly RuntimeWorker _runtime;
    private readonly QueueRuntimeOptions _options;
    private readonly QueueWorker _worker;
    private readonly QueueLink _link;
    private readonly ITimer _beat;

    private QueueRuntime(RuntimeWorker runtime, QueueRuntimeOptions options, ILogger log)
    {
        (_runtime, _options) = (runtime, options);
        TimeProvider clock = runtime.Options.TimeProvider;
        _worker = new QueueWorker(runtime, options, log);
        _link = new QueueLink(options, $"enclave runtime {_worker.Id}", _worker, clock, log);
        runtime.Unreachable = () => Fault;
        _link.Open();
        _beat = clock.CreateTimer((_) => _worker.Beat(), null, options.HeartbeatInterval, options.HeartbeatInterval);
    }

    /// <summary>Why no session can come over queues at this moment, for people; null when they can. <c>GET /health</c> of the runtime is 503 meanwhile.</summary>
    public string? Fault => _link.IsUp ? null : _link.Fault ?? "not connected to the RabbitMQ server yet";

    /// <summary>Messages of queues that were refused because they are no sessions of a broker.</summary>
    public long RefusedMessages => _worker.Refused;

    /// <summary>Begins to take sessions, as soon as the server and the queues are there: brokers make them.</summary>
    /// <param name="runtime">The runtime, started.</param>
    /// <param name="options">Names the server.</param>
    /// <param name="log">Told of connections and refusals; null for nobody.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the address has a part that is not known.</exception>
    /// <exception cref="IOException">The file with the authorities cannot be read.</exception>
    public static QueueRuntime Start(RuntimeWorker runtime, QueueRuntimeOptions options, ILogger? log = null)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(options);
        QueueOptionsCheck.ReadEnvironment(options);
        QueueOptionsCheck.Check(options);
        if (options.TrustClasses.Count > runtime.Options.MaxSessions) throw new ArgumentException("there are more TrustClasses than sessions (MaxSessions)", nameof(options));
        return new QueueRuntime(runtime, options, log ?? NullLogger.Instance);
    }

    /// <summary>Completes when sessions can come for the first time.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WhenConnectedAsync(CancellationToken cancellationToken = default) => _link.First.WaitAsync(cancellationToken);

    /// <summary>Takes no more sessions. Those that run go on, and are told of until <see cref="DisposeAsync"/>.</summary>
    public async Task StopAsync()
    {
        await _worker.StopTakingAsync().ConfigureAwait(false);
        TimeProvider clock = _runtime.Options.TimeProvider;
        // What was taken a moment ago begins, or goes back.
        for (long since = clock.GetTimestamp(); _worker.Asking > 0 && clock.GetElapsedTime(since) < _options.AskTimeout * 2;) await Task.Delay(s_look, clock).ConfigureAwait(false);
    }

    /// <summary>Sends what is held and disconnects; sessions that still run end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _worker.StopTakingAsync().ConfigureAwait(false);
        await _beat.DisposeAsync().ConfigureAwait(false);
        await _worker.FlushAsync().WaitAsync(s_patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _link.DisposeAsync().ConfigureAwait(false);
        _runtime.Unreachable = null;
    }
}
