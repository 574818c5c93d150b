using Enclave.Limits;
using Enclave.Streaming;

namespace Enclave.Runtime.Options;

/// <summary>Refuses options that are out of range.</summary>
internal static class RuntimeWorkerOptionsCheck
{
    private const int MinSecret = 16, MaxSecret = 1024;

    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(1), s_day = TimeSpan.FromDays(1);

    /// <exception cref="ArgumentException">Options are out of their ranges.</exception>
    public static void Check(RuntimeWorkerOptions options)
    {
        var wrong = new OptionFaults();
        wrong.Range(nameof(options.Port), options.Port, 0, 65535);
        wrong.Range(nameof(options.MaxSessions), options.MaxSessions, 1, 2_000);
        if (ListenAddress.Parse(options.Host).Length == 0) wrong.Add(nameof(options.Host), options.Host, "an IP address, localhost or *");
        if (!options.WsPath.StartsWith('/') || options.WsPath.Length > 200)
            wrong.Add(nameof(options.WsPath), $"'{options.WsPath[..Math.Min(options.WsPath.Length, 200)]}'", "/ and at most 199 further characters");
        wrong.Range(nameof(options.ConnectionTimeout), options.ConnectionTimeout, s_least, s_day);
        wrong.Range(nameof(options.DrainTimeout), options.DrainTimeout, TimeSpan.Zero, TimeSpan.MaxValue);
        if (options.HeartbeatInterval != Timeout.InfiniteTimeSpan)
            wrong.Range(nameof(options.HeartbeatInterval), options.HeartbeatInterval, TimeSpan.FromMilliseconds(100), s_day);
        Check(wrong, nameof(options.DefaultLimits), options.DefaultLimits);
        CheckMost(wrong, nameof(options.MaxLimits), options.MaxLimits);
        Check(wrong, options.Connections);
        Check(wrong, options.Security);
        wrong.Throw();
    }

    /// <summary>Refuses limits that no peer could ask for; as a default there may be no tool calls.</summary>
    public static void Check(OptionFaults wrong, string name, SessionLimits limits)
    {
        Above(nameof(limits.SessionTtlMs), limits.SessionTtlMs, 1);
        Above(nameof(limits.TimeoutMs), limits.TimeoutMs, 1);
        Above(nameof(limits.MemoryLimit), limits.MemoryLimit, 1);
        Above(nameof(limits.MaxToolCalls), limits.MaxToolCalls, 0);
        Above(nameof(limits.MaxStdoutBytes), limits.MaxStdoutBytes, 1);
        Above(nameof(limits.MaxToolResultBytes), limits.MaxToolResultBytes, 1);
        Above(nameof(limits.ToolTimeoutMs), limits.ToolTimeoutMs, 1);
        Above(nameof(limits.PerToolDeadlineMs), limits.PerToolDeadlineMs, 1);
        Above(nameof(limits.HeartbeatIntervalMs), limits.HeartbeatIntervalMs, 0);
        Above(nameof(limits.DeadlineMs), limits.DeadlineMs, 0);

        void Above(string limit, long? value, long least)
        {
            if (value < least) wrong.Add($"{name}.{limit}", $"{value}", $"{least} or above");
        }
    }

    /// <summary>Refuses members that are no upper limits: an interval, a deadline that a session may not have, a rule.</summary>
    private static void CheckMost(OptionFaults wrong, string name, SessionLimits limits)
    {
        Check(wrong, name, limits);
        if (limits.MemoryLimit < LimitOptions.LeastMemory)
            wrong.Add($"{name}.{nameof(limits.MemoryLimit)}", $"{limits.MemoryLimit}", $"{LimitOptions.LeastMemory} (8 MB) or above");
        if (limits.HeartbeatIntervalMs is not null) wrong.Add($"{name}.{nameof(limits.HeartbeatIntervalMs)} bounds nothing.");
        if (limits.DeadlineMs is not null) wrong.Add($"{name}.{nameof(limits.DeadlineMs)} bounds nothing: set {nameof(limits.SessionTtlMs)}.");
        if (limits.CancelOnFirstError is not null) wrong.Add($"{name}.{nameof(limits.CancelOnFirstError)} bounds nothing.");
    }

    /// <summary>Refuses to listen on a network without access control.</summary>
    public static void CheckProtected(RuntimeWorkerOptions options)
    {
        if (options.Security.SharedSecret is not null || options.Security.ClientAuthorities is not null || ListenAddress.IsLoopback(options.Host)) return;
        throw new RuntimeWorkerException(
            RuntimeFault.Unprotected,
            $"listening on {options.Host} would let everybody on the network run scripts here. Set a shared secret (Security.SharedSecret; " +
            "--token-file or ENCLAVE_TOKEN), "
            + "or certificates (Security.ServerCertificate and ClientAuthorities), or listen on 127.0.0.1");
    }

    private static void Check(OptionFaults wrong, RuntimeConnectionLimits limits)
    {
        wrong.Range("Connections.MaxConnections", limits.MaxConnections, 1, 10_000);
        wrong.Range("Connections.MaxMessageBytes", limits.MaxMessageBytes, 1 << 10, 256 << 20);
        wrong.Range("Connections.MaxMessagesPerSecond", limits.MaxMessagesPerSecond, 1, int.MaxValue);
        wrong.Range("Connections.SendQueueBytes", limits.SendQueueBytes, 1 << 10, long.MaxValue);
        wrong.Range("Connections.SendTimeout", limits.SendTimeout, s_least, s_day);
        wrong.Range("Connections.KeepAliveInterval", limits.KeepAliveInterval, s_least, s_day);
    }

    private static void Check(OptionFaults wrong, RuntimeSecurityOptions security)
    {
        if (security.SharedSecret is { } secret && (secret.Length is < MinSecret or > MaxSecret || secret.Any((c) => c is <= ' ' or > '~')))
            wrong.Add($"Security.SharedSecret must have {MinSecret} to {MaxSecret} printable characters of ASCII without spaces.");
        if (security.ServerCertificate is { HasPrivateKey: false }) wrong.Add("Security.ServerCertificate must have its private key.");
        if (security.ClientAuthorities is null) return;
        if (security.ServerCertificate is null) wrong.Add("Security.ClientAuthorities needs ServerCertificate.");
        if (security.ClientAuthorities.Count == 0) wrong.Add("Security.ClientAuthorities must have at least one certificate.");
    }
}
