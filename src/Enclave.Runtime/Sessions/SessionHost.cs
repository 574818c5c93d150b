using Enclave.Streaming;
using Microsoft.Extensions.Logging;

namespace Enclave.Runtime.Sessions;

/// <summary>The host for all sessions, created with the first one.</summary>
/// <param name="options">The host's options.</param>
/// <param name="defaults">Limits of a session that names none.</param>
/// <param name="most">Limits that no session exceeds.</param>
/// <param name="heartbeat">The interval of a session that names none.</param>
/// <param name="loggers">Null for no log.</param>
internal sealed class SessionHost(
    EnclaveOptions options, SessionLimits defaults, SessionLimits most, TimeSpan heartbeat, ILoggerFactory? loggers) : IAsyncDisposable
{
    /// <summary>Events that the host buffers for the sending thread, more than its default: a dropped event could not be restored.</summary>
    private const int BufferedEvents = 16 << 10;

    private readonly Lock _gate = new();
    private EnclaveHost? _host;
    private long _scopes;
    private bool _isDisposed;

    /// <summary>The host; null before the first session.</summary>
    public EnclaveHost? Current
    {
        get
        {
            lock (_gate) return _host;
        }
    }

    /// <summary>Returns the host, and creates it if necessary.</summary>
    /// <exception cref="ObjectDisposedException">The runtime was disposed.</exception>
    public EnclaveHost Get()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _host ??= new EnclaveHost(options, loggers);
        }
    }

    /// <summary>Prepares a session.</summary>
    /// <param name="id">Its name; null for a generated one.</param>
    /// <param name="outsideTools">The tools that its peer answers; null for all.</param>
    public bool TryPlan(string? id, string code, SessionLimits? asked, IReadOnlyCollection<string>? outsideTools, out SessionPlan plan, out string? problem)
    {
        SessionLimits limits = (asked ?? new SessionLimits()).WithDefaults(defaults);
        bool isPossible = SessionWire.WireLimits.TryOptions(limits, options.WorkerPool!, out EnclaveSessionOptions session, out problem);
        session = SessionWire.WireLimits.Within(session, most, options.Limits);
        if (limits.HeartbeatIntervalMs is null) session = session with { HeartbeatInterval = heartbeat };
        plan = new SessionPlan
        {
            Id = id ?? StreamProtocol.SessionPrefix + Guid.NewGuid(),
            Code = code,
            Limits = limits,
            Options = session with { OutsideTools = outsideTools, Run = (session.Run ?? new RunOptions()) with { MaxBufferedEvents = BufferedEvents } },
            CallScope = Interlocked.Increment(ref _scopes).ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        return isPossible;
    }

    public async ValueTask DisposeAsync()
    {
        EnclaveHost? host;
        lock (_gate) (host, _isDisposed) = (_host, true);
        if (host is not null) await host.DisposeAsync().ConfigureAwait(false);
    }
}
