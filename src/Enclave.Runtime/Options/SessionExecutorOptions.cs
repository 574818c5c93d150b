using Enclave.Streaming;

namespace Enclave.Runtime;

/// <summary>The options of a <see cref="SessionExecutor"/>.</summary>
public sealed record SessionExecutorOptions
{
    /// <summary>The session's name; null for a generated one.</summary>
    public string? SessionId { get; init; }

    /// <summary>The program of <see cref="SessionExecutor.ExecuteAsync()"/>; null if only the other overload is used.</summary>
    public string? Code { get; init; }

    /// <summary>Limits of a session; null for a lifetime of 60 s and 50 tool calls.</summary>
    public SessionLimits? Limits { get; init; }

    /// <summary>Receives the events, and provides cancels and tool results; null if only the other overload is used.</summary>
    public IRuntimeChannel? Channel { get; init; }

    /// <summary>The security level of scripts. Default: <see cref="SecurityLevel.Secure"/>.</summary>
    public SecurityLevel SecurityLevel { get; init; } = SecurityLevel.Secure;

    /// <summary>The interval between heartbeats, unless <see cref="Limits"/> set one. Range: 100 ms to 24 h, or infinite for none. Default: 15 s.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Changes the options of the host before it is created; null for no changes.</summary>
    public Action<EnclaveOptions>? ConfigureHost { get; init; }

    /// <summary>True to write a line of JSON for everything that happens, as with <see cref="RuntimeWorkerOptions.Debug"/>. Default: false.</summary>
    public bool Debug { get; init; }

    /// <summary>Receives these lines; null for standard error.</summary>
    public Action<string>? OnDebug { get; init; }

    /// <summary>The clock of sessions and deadlines.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
