using Enclave.Streaming;

namespace Enclave.Runtime;

/// <summary>What a <see cref="SessionExecutor"/> runs, and how.</summary>
public sealed record SessionExecutorOptions
{
    /// <summary>The session's name; null for one that is made.</summary>
    public string? SessionId { get; init; }

    /// <summary>The program of <see cref="SessionExecutor.ExecuteAsync()"/>; null when only the other way of running is used.</summary>
    public string? Code { get; init; }

    /// <summary>What a session may take; null for a life of 60 s and 50 tool calls.</summary>
    public SessionLimits? Limits { get; init; }

    /// <summary>Where the events go, and where cancels and tool results come from; null when only the other way of running is used.</summary>
    public IRuntimeChannel? Channel { get; init; }

    /// <summary>The level that scripts run at. Default: <see cref="SecurityLevel.Secure"/>.</summary>
    public SecurityLevel SecurityLevel { get; init; } = SecurityLevel.Secure;

    /// <summary>The time between two heartbeats, where <see cref="Limits"/> say nothing of it. Range: 100 ms to 24 h, or infinite for none. Default: 15 s.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Changes how the host runs scripts, before it is made; null for what follows from the options here.</summary>
    public Action<EnclaveOptions>? ConfigureHost { get; init; }

    /// <summary>Whether a line of JSON tells of everything that happens, as with <see cref="RuntimeWorkerOptions.Debug"/>. Default: false.</summary>
    public bool Debug { get; init; }

    /// <summary>Takes these lines; null for standard error.</summary>
    public Action<string>? OnDebug { get; init; }

    /// <summary>The clock of sessions and deadlines.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
