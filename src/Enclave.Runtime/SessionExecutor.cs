using System.Runtime.CompilerServices;
using Enclave.Limits;
using Enclave.Runtime.Connections;
using Enclave.Runtime.Diagnostics;
using Enclave.Runtime.Options;
using Enclave.Runtime.Sessions;
using Enclave.Streaming;

namespace Enclave.Runtime;

/// <summary>Runs sessions without a server: one over a channel, or any number whose events are read as a stream. Thread-safe.</summary>
public sealed class SessionExecutor : IAsyncDisposable, IDisposable
{
    private const int MaxStreams = 16;

    private readonly SessionExecutorOptions _options;
    private readonly SessionHost _host;
    private readonly SessionTable _directory = new(MaxStreams);
    private readonly SessionOpener _opener;
    private readonly Lock _gate = new();
    private RuntimeSession? _session;
    private Task<Final>? _executing;

    /// <summary>Creates an executor. Nothing runs yet.</summary>
    /// <exception cref="ArgumentException">An option is out of range. The message names it.</exception>
    public SessionExecutor(SessionExecutorOptions? options = null)
    {
        _options = options ?? new SessionExecutorOptions();
        var worker = new RuntimeWorkerOptions
        {
            Debug = _options.Debug,
            OnDebug = _options.OnDebug,
            TimeProvider = _options.TimeProvider,
            HeartbeatInterval = _options.HeartbeatInterval,
        };
        RuntimeWorkerOptionsCheck.Check(worker);
        var wrong = new OptionFaults();
        if (_options.Limits is { } limits) RuntimeWorkerOptionsCheck.Check(wrong, nameof(_options.Limits), limits);
        wrong.Throw();
        EnclaveOptions host = HostOptions.Of(
            _options.SecurityLevel, MaxStreams, _options.Limits?.MemoryLimit, tools: null, _options.TimeProvider, _options.ConfigureHost);
        _host = new SessionHost(host, new SessionLimits(), new SessionLimits(), _options.HeartbeatInterval, loggers: null);
        _opener = new SessionOpener(worker, _host, _directory, new SessionCounts(), new DebugLog(worker));
    }

    /// <summary>
    /// Runs <see cref="SessionExecutorOptions.Code"/> once, with its events on
    /// <see cref="SessionExecutorOptions.Channel"/>. Further calls return the same task.
    /// </summary>
    /// <returns>The last event, which was also sent to the channel.</returns>
    /// <exception cref="InvalidOperationException">The options have no code, or no channel.</exception>
    public Task<Final> ExecuteAsync()
    {
        (string code, IRuntimeChannel channel) = (_options.Code ?? throw new InvalidOperationException("SessionExecutorOptions.Code is not set"),
            _options.Channel ?? throw new InvalidOperationException("SessionExecutorOptions.Channel is not set"));
        lock (_gate) return _executing ??= ExecuteAsync(code, channel);
    }

    /// <summary>Runs a program and returns its events as they come. Leaving the enumeration cancels the session.</summary>
    /// <param name="sessionId">The session's name.</param>
    /// <param name="code">The program: a function body.</param>
    /// <param name="cancellationToken">Cancels the session; the enumeration then throws.</param>
    /// <returns>First <see cref="SessionInit"/>, last <see cref="Final"/>. A refused session has an
    /// <see cref="SessionError"/> and a <see cref="Final"/>.</returns>
    public async IAsyncEnumerable<SessionEvent> ExecuteAsync(
        string sessionId, string code, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(sessionId);
        ArgumentNullException.ThrowIfNull(code);
        var events = new EventQueue();
        RuntimeSession? session = TryStart(sessionId, code, events, client: null, out RuntimeRefusal? refusal);
        if (session is null) SessionOpener.Refuse(events, sessionId, refusal!);
        try
        {
            await foreach (SessionEvent happened in events.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false)) yield return happened;
        }
        finally
        {
            session?.CancelForLostPeer("the reader has gone");
            events.Close();
        }
    }

    /// <summary>Answers a tool call of any of its sessions.</summary>
    /// <returns>True if a call was waiting for this answer.</returns>
    public bool SubmitToolResult(ChannelToolResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return _directory.List().Any((session) => (result.SessionId is null || result.SessionId == session.Id) && session.TryAnswer(result));
    }

    /// <summary>Cancels its sessions.</summary>
    /// <param name="reason">The reason; null for none.</param>
    public void Cancel(string? reason = null)
    {
        foreach (RuntimeSession session in _directory.List()) session.Cancel(reason);
    }

    /// <summary>The session of <see cref="ExecuteAsync()"/>; null before it.</summary>
    public RuntimeSessionInfo? GetInfo()
    {
        lock (_gate) return _session?.Info;
    }

    /// <summary>Cancels the running sessions, and frees the workers.</summary>
    public async ValueTask DisposeAsync()
    {
        _directory.Close();
        foreach (RuntimeSession session in _directory.List()) session.Cancel("the executor was disposed");
        await _directory.WhenFinished().ConfigureAwait(false);
        await _host.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>As <see cref="DisposeAsync"/>, for owners that cannot await: it waits 30 s at most, and throws nothing.</summary>
    public void Dispose() => Task.WaitAny([Task.Run(() => DisposeAsync().AsTask())], TimeSpan.FromSeconds(30));

    private async Task<Final> ExecuteAsync(string code, IRuntimeChannel channel)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var client = new RuntimeClient("channel", new ChannelClientConnection(channel), _opener, _options.TimeProvider);
        // This channel may not open other sessions.
        using IDisposable messages = channel.OnMessage((json) => client.Handle(json, mayOpen: false));
        RuntimeSession? session = TryStart(_options.SessionId, code, client.Line, client, out RuntimeRefusal? refusal);
        if (session is null) return SessionOpener.Refuse(client.Line, _options.SessionId ?? StreamProtocol.SessionPrefix + Guid.NewGuid(), refusal!);
        lock (_gate) _session = session;
        await session.Ended.ConfigureAwait(false);
        return session.Final!;
    }

    private RuntimeSession? TryStart(string? id, string code, IEventSink sink, RuntimeClient? client, out RuntimeRefusal? refusal)
    {
        if (!_host.TryPlan(id, code, _options.Limits, outsideTools: null, out SessionPlan plan, out string? problem))
        {
            refusal = RuntimeRefusal.Invalid(problem!);
            return null;
        }

        return _opener.TryStart(plan, sink, client, out refusal);
    }
}
