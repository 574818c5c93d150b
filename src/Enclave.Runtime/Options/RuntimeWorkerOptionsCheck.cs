using Enclave.Streaming;

namespace Enclave.Runtime.Options;

/// <summary>Refuses options that are out of range.</summary>
internal static class RuntimeWorkerOptionsCheck
{
    private const int MinSecret = 16, MaxSecret = 1024;

    public static void Check(RuntimeWorkerOptions options)
    {
        Range(nameof(options.Port), options.Port, 0, 65535);
        Range(nameof(options.MaxSessions), options.MaxSessions, 1, 2_000);
        if (ListenAddress.Parse(options.Host).Length == 0) throw Wrong(nameof(options.Host), $"must be an IP address, localhost or *, not {options.Host}");
        if (!options.WsPath.StartsWith('/') || options.WsPath.Length > 200)
            throw Wrong(nameof(options.WsPath), "must begin with / and have at most 200 characters");
        Above(nameof(options.ConnectionTimeout), options.ConnectionTimeout);
        if (options.DrainTimeout < TimeSpan.Zero) throw Wrong(nameof(options.DrainTimeout), "must be 0 or above");
        if (options.HeartbeatInterval != Timeout.InfiniteTimeSpan
            && (options.HeartbeatInterval < TimeSpan.FromMilliseconds(100) || options.HeartbeatInterval > TimeSpan.FromDays(1)))
        {
            throw Wrong(nameof(options.HeartbeatInterval), "must be 100 ms to 24 h, or infinite");
        }

        Check(nameof(options.DefaultLimits), options.DefaultLimits);
        Check(options.Connections);
        Check(options.Security);
    }

    /// <summary>Refuses limits that no peer could ask for.</summary>
    public static void Check(string name, SessionLimits limits)
    {
        Above(nameof(limits.SessionTtlMs), limits.SessionTtlMs, 1);
        Above(nameof(limits.TimeoutMs), limits.TimeoutMs, 1);
        Above(nameof(limits.MemoryLimit), limits.MemoryLimit, 1);
        Above(nameof(limits.MaxToolCalls), limits.MaxToolCalls, 1);
        Above(nameof(limits.MaxStdoutBytes), limits.MaxStdoutBytes, 1);
        Above(nameof(limits.MaxToolResultBytes), limits.MaxToolResultBytes, 1);
        Above(nameof(limits.ToolTimeoutMs), limits.ToolTimeoutMs, 1);
        Above(nameof(limits.PerToolDeadlineMs), limits.PerToolDeadlineMs, 1);
        Above(nameof(limits.HeartbeatIntervalMs), limits.HeartbeatIntervalMs, 0);
        Above(nameof(limits.DeadlineMs), limits.DeadlineMs, 0);

        void Above(string limit, long? value, long least)
        {
            if (value < least) throw Wrong(name, $"must have a {limit} of {least} or above, not {value}");
        }
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

    private static void Check(RuntimeConnectionLimits limits)
    {
        Range(nameof(limits.MaxConnections), limits.MaxConnections, 1, 10_000);
        Range(nameof(limits.MaxMessageBytes), limits.MaxMessageBytes, 1 << 10, 256 << 20);
        Range(nameof(limits.MaxMessagesPerSecond), limits.MaxMessagesPerSecond, 1, int.MaxValue);
        Range(nameof(limits.SendQueueBytes), limits.SendQueueBytes, 1 << 10, long.MaxValue);
        Above(nameof(limits.SendTimeout), limits.SendTimeout);
        Above(nameof(limits.KeepAliveInterval), limits.KeepAliveInterval);
    }

    private static void Check(RuntimeSecurityOptions security)
    {
        if (security.SharedSecret is { } secret && (secret.Length is < MinSecret or > MaxSecret || secret.Any((c) => c is <= ' ' or > '~')))
        {
            throw Wrong(nameof(security.SharedSecret), $"must have {MinSecret} to {MaxSecret} printable characters of ASCII without spaces");
        }

        if (security.ServerCertificate is { HasPrivateKey: false }) throw Wrong(nameof(security.ServerCertificate), "must have its private key");
        if (security.ClientAuthorities is null) return;
        if (security.ServerCertificate is null) throw Wrong(nameof(security.ClientAuthorities), "needs ServerCertificate");
        if (security.ClientAuthorities.Count == 0) throw Wrong(nameof(security.ClientAuthorities), "must have at least one certificate");
    }

    private static void Range(string name, long value, long least, long most)
    {
        if (value < least || value > most) throw Wrong(name, $"is {least} to {most}, not {value}");
    }

    private static void Above(string name, TimeSpan value)
    {
        if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1)) throw Wrong(name, "must be above 0 and at most 24 h");
    }

    private static ArgumentException Wrong(string name, string form) => new($"{name} {form}.", name);
}
