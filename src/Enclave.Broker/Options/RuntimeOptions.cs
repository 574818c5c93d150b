using System.Security.Cryptography.X509Certificates;

namespace Enclave.Broker;

/// <summary>The runtimes that sessions run on, when they do not run here.</summary>
public sealed class RuntimeOptions
{
    /// <summary>Their addresses, as <c>ws://runtime-1:3001</c>. Default: what the environment variable <c>RUNTIME_URL</c> names, several divided by commas.</summary>
    public IList<Uri> Runtimes { get; } = [];

    /// <summary>The secret that runtimes ask for; null for none.</summary>
    public string? Token { get; set; }

    /// <summary>The broker's own certificate, for runtimes that ask for one; null for none.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>How long one runtime may take to answer the door. Range: 10 ms to 5 min. Default: 5 s. Then the next one is asked.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a runtime may take to end a session that was cancelled or is out of its time. Range: 10 ms to 5 min. Default: 2 s. Then its connection is closed.</summary>
    public TimeSpan EndTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a runtime is asked whether it is still there, and how long it may take to say so. Range: 100 ms to 1 h. Default: 10 s. Then its connection is given up.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest pause before a runtime that failed is asked again; the first is 100 ms, and each doubles. Range: 100 ms to 1 h. Default: 10 s.</summary>
    public TimeSpan MaxPause { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Longest wait of a session for a place on a runtime where every one is full; its own life may be shorter. Range: 10 ms to 24 h. Default: 30 s, as of
    /// the STANDARD preset. Then it ends with QUEUE_TIMEOUT.
    /// </summary>
    public TimeSpan QueueTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Sessions that may wait for a place. Range: 0 to 100,000. Default: 500, as of the PERMISSIVE preset. One more is refused with 503 QUEUE_FULL before its
    /// stream begins.
    /// </summary>
    public int MaxWaiting { get; set; } = 500;

    /// <summary>
    /// Sessions of one tenant that may wait. Range: 0 to <see cref="MaxWaiting"/>. Default: null, all places. One more is refused with 429 QUEUE_FULL. A
    /// tenant with nothing waiting finds one place even in a full queue, and tenants take turns.
    /// </summary>
    public int? MaxWaitingPerTenant { get; set; }

    /// <summary>Bytes of one message of a runtime. Range: 64 KB to 1 GB. Default: 16 MB. A larger one ends its connection.</summary>
    public int MaxMessageBytes { get; set; } = 16 << 20;
}
