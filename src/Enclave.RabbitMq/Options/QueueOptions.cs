namespace Enclave.RabbitMq;

/// <summary>What brokers and runtimes have to agree on to find each other at a RabbitMQ server, and how patient they are.</summary>
public abstract class QueueOptions
{
    private protected QueueOptions()
    {
    }

    /// <summary>The server with the user and the password, as <c>amqps://user:password@host/vhost?cacertfile=/etc/ssl/rabbit.pem</c>. <c>cacertfile</c> names the authorities that are believed instead of the system's, <c>server_name_indication</c> the name in the server's certificate where it is not the host's. Default: the environment variable <c>ENCLAVE_QUEUE</c>.</summary>
    public Uri? Address { get; set; }

    /// <summary>What the names of all exchanges and queues begin with. Range: 1 to 64 letters, digits, <c>_</c> and <c>-</c>. Default: <c>enclave</c>.</summary>
    public string Prefix { get; set; } = "enclave";

    /// <summary>Bytes of one message. Range: 64 KB to 64 MB. Default: 16 MB, as over WebSocket. A larger one is refused, or ends the session that it is of.</summary>
    public int MaxMessageBytes { get; set; } = 16 << 20;

    /// <summary>Bytes that are held for the server while it takes nothing. Range: 1 MB to 1 GB. Default: 64 MB. What comes then ends the session that it is of.</summary>
    public long MaxHeldBytes { get; set; } = 64 << 20;

    /// <summary>How often brokers and runtimes tell each other that they are there. Range: 100 ms to 1 min. Default: 1 s.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>After which silence the other side is taken for lost, and so is the server. Range: twice <see cref="HeartbeatInterval"/> to 1 h. Default: 10 s, as over WebSocket.</summary>
    public TimeSpan Silence { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the server may take to answer while a connection is made. Range: 100 ms to 5 min. Default: 5 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest pause before the server is asked again; the first is 100 ms, and each doubles. Range: 100 ms to 1 h. Default: 5 s.</summary>
    public TimeSpan MaxPause { get; set; } = TimeSpan.FromSeconds(5);
}
