using System.Security.Cryptography;
using Enclave.Diagnostics;
using Enclave.Limits;
using Enclave.Mcp.AspNetCore.Access;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

namespace Enclave.Mcp.AspNetCore.Sessions;

/// <summary>The sessions of all clients, bounded in all and for each owner. Sessions that are idle for too long end.</summary>
internal sealed class OpenSessions : IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan s_sweep = TimeSpan.FromSeconds(1);

    private readonly McpEndpointOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILoggerFactory _loggers;
    private readonly ByteBudget _bytes;
    private readonly ITimer _sweeper;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HttpSession> _sessions = new(StringComparer.Ordinal);
    private bool _hasEnded;

    public OpenSessions(McpEndpointOptions options, TimeProvider clock, ILoggerFactory loggers)
    {
        (_options, _clock, _loggers) = (options, clock, SafeLogger.Of(loggers));
        _bytes = new ByteBudget(options.MaxKeptBytes);
        _sweeper = clock.CreateTimer((_) => Sweep(), null, s_sweep, s_sweep);
    }

    /// <summary>Opens a session, unless there are too many.</summary>
    public SessionOpening Open(McpCaller caller, string payer, McpServerOptions settings, out HttpSession? session)
    {
        session = null;
        HttpSession? replaced = null;
        try
        {
            lock (_gate)
            {
                if (_hasEnded) return SessionOpening.Full;
                HttpSession[] own = [.. _sessions.Values.Where((other) => other.Payer == payer)];
                if (own.Length >= _options.MaxSessionsPerOwner)
                {
                    replaced = own.Where((other) => other.Idle > TimeSpan.Zero).MaxBy((other) => other.Idle);
                    if (replaced is null) return SessionOpening.OwnerFull;
                    _sessions.Remove(replaced.Id);
                }
                else if (_sessions.Count >= _options.MaxSessions)
                {
                    return SessionOpening.Full;
                }

                session = new HttpSession(RandomNumberGenerator.GetHexString(32, lowercase: true), caller, payer, settings, _options, _bytes, _clock, _loggers);
                // The opening request counts as a request, so the session is not idle.
                session.TryBeginRequest();
                _sessions.Add(session.Id, session);
                return SessionOpening.Opened;
            }
        }
        finally
        {
            if (replaced is not null) _ = replaced.DisposeAsync().AsTask();
        }
    }

    /// <summary>Finds a session of this caller and counts a request of it; null if there is none. Sessions of other callers are not found.</summary>
    public HttpSession? Enter(string id, McpCaller caller, out bool isBusy)
    {
        lock (_gate)
        {
            isBusy = false;
            if (!_sessions.TryGetValue(id, out HttpSession? session) || session.Caller != caller) return null;
            isBusy = !session.TryBeginRequest();
            return session;
        }
    }

    /// <summary>Ends a session.</summary>
    public async Task EndAsync(HttpSession session)
    {
        lock (_gate) _sessions.Remove(session.Id);
        await session.DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        HttpSession[] all;
        lock (_gate)
        {
            _hasEnded = true;
            all = [.. _sessions.Values];
            _sessions.Clear();
        }

        await _sweeper.DisposeAsync().ConfigureAwait(false);
        foreach (HttpSession session in all) await session.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>As <see cref="DisposeAsync"/>, for owners that cannot await: it waits 30 s at most, and throws nothing.</summary>
    public void Dispose() => Task.WaitAny([Task.Run(() => DisposeAsync().AsTask())], TimeSpan.FromSeconds(30));

    private void Sweep()
    {
        var idle = new List<HttpSession>();
        lock (_gate)
        {
            foreach (HttpSession session in _sessions.Values)
            {
                if (session.Idle >= _options.IdleTimeout) idle.Add(session);
                else session.Events.Forget(_options.Retention);
            }

            foreach (HttpSession session in idle) _sessions.Remove(session.Id);
        }

        foreach (HttpSession session in idle) _ = session.DisposeAsync().AsTask();
    }
}
