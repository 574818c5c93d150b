using Enclave.Streaming;

namespace Enclave.Runtime;

/// <summary>How a runtime listens and what its sessions may take.</summary>
public sealed record RuntimeWorkerOptions
{
    /// <summary>The port. Range: 0 to 65535; 0 takes a free one. Default: 3001, as documented.</summary>
    public int Port { get; init; } = 3001;

    /// <summary>The address: an IP address, <c>localhost</c>, or <c>*</c> for all. Default: 127.0.0.1.</summary>
    /// <remarks>Any other than a loopback address needs <see cref="RuntimeSecurityOptions.SharedSecret"/> or <see cref="RuntimeSecurityOptions.ClientAuthorities"/>.</remarks>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The path of the socket, beside <c>/</c> and <c>/ws</c>, which are always open. Default: <c>/ws</c>.</summary>
    public string WsPath { get; init; } = "/ws";

    /// <summary>Sessions at a time; one more is refused with RUNTIME_BUSY. Range: 1 to 256. Default: 10.</summary>
    public int MaxSessions { get; init; } = 10;

    /// <summary>The level that scripts run at. Default: <see cref="SecurityLevel.Secure"/>, as documented.</summary>
    public SecurityLevel SecurityLevel { get; init; } = SecurityLevel.Secure;

    /// <summary>What a session may take that asks for nothing else. What an <c>execute</c> asks for holds against it, be it lower or higher. Default: a run of 30 s, 128 MB, 100 tool calls, as documented.</summary>
    public SessionLimits DefaultLimits { get; init; } = new() { TimeoutMs = 30_000, MemoryLimit = 128L << 20, MaxToolCalls = 100 };

    /// <summary>The time between two heartbeats of a session that asks for no other. Range: 100 ms to 24 h, or <see cref="Timeout.InfiniteTimeSpan"/> for none. Default: 30 s, as documented.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Longest time for a peer to answer a ping of its socket. It also shortens the 5 s that a peer has for the head of its request. Range: above 0. Default:
    /// 30 s.
    /// </summary>
    public TimeSpan ConnectionTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long sessions may go on after a stop, before they are cancelled. Range: 0 and above. Default: 5 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Who may connect. Default: everybody on this machine.</summary>
    public RuntimeSecurityOptions Security { get; init; } = new();

    /// <summary>What one connection may cost.</summary>
    public RuntimeConnectionLimits Connections { get; init; } = new();

    /// <summary>Answers tool calls of <see cref="RuntimeWorker.ExecuteSync"/>; null fails them with NO_TOOL_HANDLER. Sessions of brokers never come here.</summary>
    public ToolHandler? ToolHandler { get; init; }

    /// <summary>Changes how the host runs scripts, before it is made; null for what follows from the options here.</summary>
    public Action<EnclaveOptions>? ConfigureHost { get; init; }

    /// <summary>Told of every event of every session, in the order of each. Called on a thread of the runtime; what it throws is passed over. Default: none.</summary>
    public Action<SessionEvent>? OnEvent { get; init; }

    /// <summary>Told of what becomes of sessions. Default: none.</summary>
    public RuntimeEventHandlers? EventHandlers { get; init; }

    /// <summary>Called for each session when it opens. Default: none.</summary>
    public RuntimeSessionHandler? SessionHandler { get; init; }

    /// <summary>Told of connections. Default: none.</summary>
    public RuntimeConnectionHandlers? ConnectionHandlers { get; init; }

    /// <summary>Whether a line of JSON tells of everything that happens: ids, sizes and codes, never code, arguments or results. Default: false.</summary>
    public bool Debug { get; init; }

    /// <summary>Takes these lines; null for standard error. Secrets of <see cref="Security"/> are masked in them, and control characters are escaped.</summary>
    public Action<string>? OnDebug { get; init; }

    /// <summary>The clock of sessions, deadlines and figures.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
