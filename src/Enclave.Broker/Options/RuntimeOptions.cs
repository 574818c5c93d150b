using System.Security.Cryptography.X509Certificates;

namespace Enclave.Broker;

/// <summary>The remote runtimes that run a broker's sessions.</summary>
public sealed class RuntimeOptions
{
    /// <summary>
    /// Their addresses, as <c>ws://runtime-1:3001</c>. Default: the addresses in the environment variable <c>RUNTIME_URL</c>, separated by commas.
    /// </summary>
    public IList<Uri> Runtimes { get; } = [];

    /// <summary>The secret that runtimes require; null for none.</summary>
    public string? Token { get; set; }

    /// <summary>The broker's own certificate, for runtimes that require one; null for none.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>How long a runtime may take to accept a connection. Range: 10 ms to 5 min. Default: 5 s. Then the next runtime is asked.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The interval of keep-alive pings, and the longest wait for their answers. Range: 100 ms to 1 h. Default: 10 s. Then the connection is closed.
    /// </summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Longest wait of a session for a slot while every runtime is full; a shorter session lifetime ends it earlier. Range: 10 ms to 24 h. Default: 30 s,
    /// as in the STANDARD preset. Then the session ends with QUEUE_TIMEOUT.
    /// </summary>
    public TimeSpan QueueTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Maximum number of sessions that wait for a slot. Range: 0 to 100,000. Default: 500, as in the PERMISSIVE preset. Further sessions are refused with
    /// 503 QUEUE_FULL before their stream begins.
    /// </summary>
    public int MaxWaiting { get; set; } = 500;

    /// <summary>
    /// Maximum number of waiting sessions of one tenant. Range: 0 to <see cref="MaxWaiting"/>. Default: null, no limit of its own. Further sessions are
    /// refused with 429 SHARE_FULL. A tenant without a waiting session gets one place even in a full queue, and tenants take turns.
    /// </summary>
    public int? MaxWaitingPerTenant { get; set; }

    /// <summary>Maximum size of one message of a runtime in bytes. Range: 64 KB to 1 GB. Default: 16 MB. A larger message closes its connection.</summary>
    public int MaxMessageBytes { get; set; } = 16 << 20;
}
