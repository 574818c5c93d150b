namespace Enclave.RabbitMq;

/// <summary>Options that brokers and runtimes must share to meet at a RabbitMQ server, and their timeouts.</summary>
public abstract class QueueOptions
{
    private protected QueueOptions()
    {
    }

    /// <summary>
    /// The server with user and password, as <c>amqps://user:password@host/vhost?cacertfile=/etc/ssl/rabbit.pem</c>. <c>cacertfile</c> names the
    /// authorities to trust instead of the system's; <c>server_name_indication</c> names the server in its certificate if it is not the host. Default:
    /// the environment variable <c>ENCLAVE_QUEUE</c>.
    /// </summary>
    public Uri? Address { get; set; }

    /// <summary>The prefix of the names of all exchanges and queues. Range: 1 to 64 letters, digits, <c>_</c> and <c>-</c>. Default: <c>enclave</c>.</summary>
    public string Prefix { get; set; } = "enclave";

    /// <summary>
    /// Maximum size of one message in bytes. Range: 64 KB to 64 MB. Default: 16 MB, as over WebSocket. A larger one is refused, or ends its session.
    /// </summary>
    public int MaxMessageBytes { get; set; } = 16 << 20;

    /// <summary>Bytes that may wait while the server accepts nothing. Range: 1 MB to 1 GB. Default: 64 MB. A further message ends its session.</summary>
    public long MaxHeldBytes { get; set; } = 64 << 20;

    /// <summary>The interval of heartbeats between brokers and runtimes. Range: 100 ms to 1 min. Default: 1 s.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The other side, and the server, count as lost after this time without a message. Range: twice
    /// <see cref="HeartbeatInterval"/> to 1 h. Default: 10 s, as over WebSocket.
    /// </summary>
    public TimeSpan Silence { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the server may take to answer while connecting. Range: 100 ms to 5 min. Default: 5 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
