using Enclave.Runtime.Connections;
using Enclave.Runtime.Diagnostics;
using Enclave.Runtime.Options;
using Enclave.Runtime.Server;
using Enclave.Runtime.Sessions;
using Enclave.Runtime.State;
using Enclave.Streaming;

namespace Enclave.Runtime;

/// <summary>Runs sessions for brokers, which connect over a WebSocket and answer the scripts' tool calls. Thread-safe.</summary>
/// <remarks>Created by <see cref="RuntimeWorkerFactory.CreateRuntimeWorker"/>. It starts once and stops once.</remarks>
public sealed class RuntimeWorker : IAsyncDisposable, IDisposable, IRuntimeState
{
    /// <summary>No timer of .NET takes more.</summary>
    private static readonly TimeSpan s_longestTimer = TimeSpan.FromDays(49);

    /// <summary>Longest wait for cancelled sessions and closed connections.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly RuntimeWorkerOptions _options;
    private readonly SessionHost _host;
    private readonly SessionTable _directory;
    private readonly SessionCounts _counts = new();
    private readonly SessionOpener _opener;
    private readonly ConnectionTable _connections;
    private readonly SocketEndpoint _sockets;
    private readonly DebugLog _debug;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RuntimeWorkerState _state;
    private RuntimeServer? _server;
    private IClientRoute? _route;
    private DateTimeOffset? _startedAt;
    private long _started;
    private int _channels;

    internal RuntimeWorker(RuntimeWorkerOptions options)
    {
        RuntimeWorkerOptionsCheck.Check(options);
        _options = options;
        _debug = new DebugLog(options);
        EnclaveOptions host = HostOptions.Of(
            options.SecurityLevel, options.MaxSessions, options.DefaultLimits.MemoryLimit, options.ToolHandler, options.TimeProvider, options.ConfigureHost);
        _host = new SessionHost(host, options.DefaultLimits, options.MaxLimits, options.HeartbeatInterval, options.LoggerFactory);
        _directory = new SessionTable(options.MaxSessions);
        _opener = new SessionOpener(options, _host, _directory, _counts, _debug);
        _connections = new ConnectionTable(options.Connections.MaxConnections);
        _sockets = new SocketEndpoint(options, _opener, _connections, _debug);
    }

    /// <summary>The address that it listens on, for example <c>ws://127.0.0.1:3001/ws</c>; null before that.</summary>
    public Uri? Address { get; private set; }

    /// <summary>The options that it was created with.</summary>
    public RuntimeWorkerOptions Options => _options;

    string? IRuntimeState.Unreachable => _route?.Fault;

    /// <summary>Starts to listen.</summary>
    /// <exception cref="RuntimeWorkerException">It was already started; or it would listen on a network with neither a secret nor certificates; or the
    /// address is in use; or scripts cannot run here.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_state >= RuntimeWorkerState.Stopping)
                throw new RuntimeWorkerException(RuntimeFault.Stopped, "the runtime has been stopped; create another one");
            if (_state != RuntimeWorkerState.Idle) throw new RuntimeWorkerException(RuntimeFault.AlreadyStarted, "the runtime was already started");
            RuntimeWorkerOptionsCheck.CheckProtected(_options);
            _state = RuntimeWorkerState.Starting;
        }

        var server = new RuntimeServer(_options, _sockets, new StateEndpoint(this, _options, () => _host.Current));
        try
        {
            // Finds out now whether scripts can run here, and not with the first session.
            await _host.Get().WarmUpAsync(cancellationToken).ConfigureAwait(false);
            await server.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            await StopAsync(TimeSpan.Zero).ConfigureAwait(false);
            if (fault is IOException or System.Net.Sockets.SocketException) throw new RuntimeWorkerException(
                RuntimeFault.AddressUnavailable, $"{_options.Host}:{_options.Port} is in use, or does not belong to this machine: {fault.Message}", fault);
            if (fault is InvalidOperationException and not ObjectDisposedException)
                throw new RuntimeWorkerException(RuntimeFault.NoWorker, fault.Message, fault);
            throw;
        }

        bool isStopping;
        lock (_gate)
        {
            isStopping = _state != RuntimeWorkerState.Starting;
            if (!isStopping) (_state, _server) = (RuntimeWorkerState.Running, server);
        }

        if (isStopping)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new RuntimeWorkerException(RuntimeFault.Stopped, "the runtime was stopped while it started");
        }

        (_startedAt, _started) = (_options.TimeProvider.GetUtcNow(), _options.TimeProvider.GetTimestamp());
        Address = new UriBuilder(_options.Security.IsEncrypted ? "wss" : "ws", HostName(), server.Port, _options.WsPath).Uri;
        _debug.Write("listening", ("address", Address), ("maxSessions", _options.MaxSessions), ("level", _options.SecurityLevel));
    }

    /// <summary>
    /// Accepts no more sessions, lets the running ones end, cancels the rest, and closes
    /// every connection with 1001. Further calls wait for the same stop.
    /// </summary>
    /// <param name="drain">
    /// How long sessions may continue; null for <see cref="RuntimeWorkerOptions.DrainTimeout"/>. <see cref="Timeout.InfiniteTimeSpan"/> and times above 49 days
    /// have no end.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public async Task StopAsync(TimeSpan? drain = null)
    {
        if (drain < TimeSpan.Zero && drain != Timeout.InfiniteTimeSpan) throw new ArgumentOutOfRangeException(nameof(drain), drain, "must be 0 or above");
        lock (_gate)
        {
            if (_state < RuntimeWorkerState.Stopping)
            {
                _state = RuntimeWorkerState.Stopping;
                _directory.Close();
                _ = StopOnceAsync(_server, drain ?? _options.DrainTimeout);
            }
        }

        await _stopped.Task.ConfigureAwait(false);
    }

    /// <summary>The state of the runtime.</summary>
    public RuntimeWorkerState GetState()
    {
        lock (_gate) return _state;
    }

    /// <summary>Statistics of the runtime, current and since its start.</summary>
    public RuntimeWorkerStats GetStats()
    {
        (long total, long succeeded, long failed, double mean) = _counts.Read();
        return new RuntimeWorkerStats
        {
            State = GetState(),
            ActiveSessions = _directory.Count,
            TotalSessions = total,
            SuccessfulExecutions = succeeded,
            FailedExecutions = failed,
            AverageExecutionTime = mean,
            Connections = _connections.Count + Volatile.Read(ref _channels),
            StartedAt = _startedAt,
            UptimeMs = _startedAt is null ? 0 : (long)_options.TimeProvider.GetElapsedTime(_started).TotalMilliseconds,
            Memory = RuntimeMemory.Read(_host.Current),
        };
    }

    /// <summary>The running sessions.</summary>
    public IReadOnlyList<RuntimeSessionInfo> GetSessions() => [.. _directory.List().Select((session) => session.Info)];

    /// <summary>The state of the pool of workers; null before the first session.</summary>
    public PoolSnapshot? GetPool() => _host.Current?.GetSnapshot();

    /// <summary>
    /// Runs one program to its end, for callers without a connection, such as a function that is
    /// started for each request. Needs no <see cref="StartAsync"/>.
    /// </summary>
    /// <param name="sessionId">The session's name; null for a generated one.</param>
    /// <param name="code">The program: a function body.</param>
    /// <param name="limits">The session's limits; null for <see cref="RuntimeWorkerOptions.DefaultLimits"/>.</param>
    /// <param name="cancellationToken">Cancels the session; the result reports it.</param>
    /// <returns>The result, also for every failure. Codes are those of <c>final.error.code</c>, including RUNTIME_BUSY, SESSION_EXISTS, RUNTIME_STOPPING
    /// and INVALID_REQUEST. Tool calls go to <see cref="RuntimeWorkerOptions.ToolHandler"/>.</returns>
    public async Task<RuntimeResult> ExecuteSync(string? sessionId, string code, SessionLimits? limits = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        RuntimeRefusal? refusal =
            _host.TryPlan(sessionId, code, limits, outsideTools: [], out SessionPlan plan, out string? problem) ? null : RuntimeRefusal.Invalid(problem!);
        var sink = new ResultSink();
        RuntimeSession? session = refusal is null ? _opener.TryStart(plan, sink, client: null, out refusal) : null;
        if (session is null)
        {
            return RuntimeResult.Of(refusal!.Final, "");
        }

        using CancellationTokenRegistration cancelled = cancellationToken.Register(() => session.Cancel("the caller cancelled"));
        await session.Ended.ConfigureAwait(false);
        return RuntimeResult.Of(session.Final!, sink.Stdout);
    }

    /// <summary>
    /// Serves a peer over a channel, for example one half of a <see cref="MemoryChannelPair"/>, or a <see cref="WebSocketChannel"/> that connects to a
    /// broker. Needs no <see cref="StartAsync"/>.
    /// </summary>
    /// <param name="channel">The runtime's end.</param>
    /// <param name="cancellationToken">Stops serving; the channel stays open.</param>
    /// <returns>Completes when the channel is closed and the sessions of its peer have ended.</returns>
    public async Task ServeAsync(IRuntimeChannel channel, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        var client = new RuntimeClient(_connections.Name(), new ChannelClientConnection(channel), _opener, _options.TimeProvider);
        Interlocked.Increment(ref _channels);
        SessionNotifier.InvokeSafely(() => _options.ConnectionHandlers?.OnConnect?.Invoke(client.Name));
        try
        {
            using IDisposable messages = channel.OnMessage(client.Handle);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(channel.Completion.WaitAsync(ended.Token), _stopped.Task).ConfigureAwait(false);
            await ended.CancelAsync().ConfigureAwait(false);
        }
        finally
        {
            await client.DisconnectAsync().ConfigureAwait(false);
            Interlocked.Decrement(ref _channels);
            SessionNotifier.InvokeSafely(() => _options.ConnectionHandlers?.OnDisconnect?.Invoke(client.Name));
        }
    }

    /// <summary>
    /// Sets the route by which brokers reach this runtime, until <see cref="Detach"/>: while it has a fault, <c>GET /health</c> is 503. Without one they
    /// connect themselves.
    /// </summary>
    public void Attach(IClientRoute route) => _route = route;

    /// <summary>Ends what <see cref="Attach"/> began, if it was this way.</summary>
    public void Detach(IClientRoute route) => Interlocked.CompareExchange(ref _route, null, route);

    /// <summary>Accepts a peer over another kind of connection.</summary>
    public RuntimeClient Accept(IClientConnection line) => new(_connections.Name(), line, _opener, _options.TimeProvider);

    /// <summary>Stops without waiting for sessions.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.Zero).ConfigureAwait(false);

    /// <summary>As <see cref="DisposeAsync"/>, for owners that cannot await: it waits 30 s at most, and throws nothing.</summary>
    public void Dispose() => Task.WaitAny([Task.Run(() => DisposeAsync().AsTask())], TimeSpan.FromSeconds(30));

    private async Task StopOnceAsync(RuntimeServer? server, TimeSpan drain)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        _debug.Write("stopping", ("activeSessions", _directory.Count));
        try
        {
            // A closing connection sends only what is queued, so every last event has to be there first.
            TimeSpan time = drain < s_longestTimer ? drain : Timeout.InfiniteTimeSpan;
            await _directory.WhenFinished().WaitAsync(time, _options.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (RuntimeSession session in _directory.List()) session.Cancel("Runtime stopping");
            await _directory.WhenFinished().WaitAsync(s_patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _sockets.Close();
            await _connections.CloseAllAsync(SocketEnd.Stopping).WaitAsync(s_patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (server is not null) await server.DisposeAsync().ConfigureAwait(false);
            await _host.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            lock (_gate) _state = RuntimeWorkerState.Stopped;
            _debug.Write("stopped");
            _stopped.TrySetResult();
        }
    }

    private string HostName() =>
        _options.Host == "*" ? "localhost" : _options.Host.Contains(':', StringComparison.Ordinal) ? $"[{_options.Host}]" : _options.Host;
}
