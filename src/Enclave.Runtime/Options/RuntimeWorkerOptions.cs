using Enclave.Streaming;
using Microsoft.Extensions.Logging;

namespace Enclave.Runtime;

/// <summary>How a runtime listens, and the limits of its sessions.</summary>
public sealed record RuntimeWorkerOptions
{
    /// <summary>The port. Range: 0 to 65535; 0 chooses a free one. Default: 3001, as documented.</summary>
    public int Port { get; init; } = 3001;

    /// <summary>The address: an IP address, <c>localhost</c>, or <c>*</c> for all. Default: 127.0.0.1.</summary>
    /// <remarks>Every address other than loopback needs <see cref="RuntimeSecurityOptions.SharedSecret"/> or
    /// <see cref="RuntimeSecurityOptions.ClientAuthorities"/>.</remarks>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>An additional path of the socket. <c>/</c> and <c>/ws</c> are always open. Default: <c>/ws</c>.</summary>
    public string WsPath { get; init; } = "/ws";

    /// <summary>
    /// Maximum number of sessions at a time. One more is refused with RUNTIME_BUSY. Range: 1 to 2,000, as many as a pool has workers; with queues
    /// (<c>QueueRuntime</c>) 1 to 256. Default: 10.
    /// </summary>
    public int MaxSessions { get; init; } = 10;

    /// <summary>The security level of scripts. Default: <see cref="SecurityLevel.Secure"/>, as documented.</summary>
    public SecurityLevel SecurityLevel { get; init; } = SecurityLevel.Secure;

    /// <summary>
    /// Limits of a session whose <c>execute</c> names none. A limit in <c>execute</c> replaces the default, lower or higher, up to <see cref="MaxLimits"/>.
    /// Default: a run of 30 s, 128 MB, 100 tool calls, as documented.
    /// </summary>
    public SessionLimits DefaultLimits { get; init; } = new() { TimeoutMs = 30_000, MemoryLimit = 128L << 20, MaxToolCalls = 100 };

    /// <summary>
    /// Limits that no session exceeds. Higher limits in <c>execute</c> or <see cref="DefaultLimits"/> are lowered to them.
    /// <see cref="SessionLimits.SessionTtlMs"/> and <see cref="SessionLimits.TimeoutMs"/> each bound the whole life of a session. Range: the limits of time,
    /// memory, calls and bytes; the others must be null. Default: none; then a day, a worker's memory and 1,000,000 calls are the most.
    /// </summary>
    public SessionLimits MaxLimits { get; init; } = new();

    /// <summary>
    /// The interval between heartbeats of a session that asks for no other. Range: 100 ms to 24 h, or
    /// <see cref="Timeout.InfiniteTimeSpan"/> for none. Default: 30 s, as documented.
    /// </summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Longest time for a peer to answer a ping of its socket. If it is below 5 s, it also limits the time for the head of a
    /// request, which is otherwise 5 s. Range: above 0. Default: 30 s.
    /// </summary>
    public TimeSpan ConnectionTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long sessions may continue after a stop before they are cancelled. Range: 0 and above. Default: 5 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Access control. Default: every process on this machine may connect.</summary>
    public RuntimeSecurityOptions Security { get; init; } = new();

    /// <summary>Limits on connections.</summary>
    public RuntimeConnectionLimits Connections { get; init; } = new();

    /// <summary>
    /// Answers tool calls of <see cref="RuntimeWorker.ExecuteSync"/>; null fails them with NO_TOOL_HANDLER. Not used for sessions of brokers.
    /// </summary>
    public ToolHandler? ToolHandler { get; init; }

    /// <summary>Changes the options of the host before it is created; null for no changes.</summary>
    public Action<EnclaveOptions>? ConfigureHost { get; init; }

    /// <summary>
    /// Called for every event of every session, in the order of each session, on a thread of the runtime. Exceptions are ignored. Default: none.
    /// </summary>
    public Action<SessionEvent>? OnEvent { get; init; }

    /// <summary>Handlers for sessions. Default: none.</summary>
    public RuntimeEventHandlers? EventHandlers { get; init; }

    /// <summary>Called for each session when it opens. Default: none.</summary>
    public RuntimeSessionHandler? SessionHandler { get; init; }

    /// <summary>Handlers for connections. Default: none.</summary>
    public RuntimeConnectionHandlers? ConnectionHandlers { get; init; }

    /// <summary>
    /// Creates the loggers of the host: failed runs, failing tools, workers and their ends, security events (docs/telemetry.md). Default: null, no log.
    /// </summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>True to write a line of JSON for everything that happens: ids, sizes and codes, never code, arguments or results. Default: false.</summary>
    public bool Debug { get; init; }

    /// <summary>Receives these lines; null for standard error. Secrets of <see cref="Security"/> are masked, and control characters are escaped.</summary>
    public Action<string>? OnDebug { get; init; }

    /// <summary>The clock of sessions, deadlines and statistics.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
