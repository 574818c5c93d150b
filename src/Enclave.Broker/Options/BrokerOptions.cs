namespace Enclave.Broker;

/// <summary>How a broker treats its clients. Limits of a run are the host's (<see cref="EnclaveOptions"/>): a client can only ask for less.</summary>
public sealed class BrokerOptions
{
    /// <summary>Sessions that may run at once, of all owners. Range: 1 to 100,000. Default: 100, as the documented product's.</summary>
    public int MaxSessions { get; set; } = 100;

    /// <summary>Sessions of one owner that may run at once. Range: 1 to 100,000. Default: 100.</summary>
    public int MaxSessionsPerOwner { get; set; } = 100;

    /// <summary>How long a session that has ended can be read again. Range: 0 to 24 h. Default: 5 min.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Bytes of events that sessions which have ended may hold together; the oldest sessions go first. Range: 0 and above. Default: 64 MB.</summary>
    public long RetainedBytes { get; set; } = 64 << 20;

    /// <summary>Bytes of events that one session keeps for readers; the oldest events go first. Range: 64 KB to 1 GB. Default: 16 MB.</summary>
    public long MaxLogBytes { get; set; } = 16 << 20;

    /// <summary>How long a running session may be without a reader before it is cancelled. Range: 0 to 24 h. Default: 30 s, which is longer than a client takes to come back.</summary>
    public TimeSpan ReaderGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a reader may take nothing of what is sent to it before it is disconnected. Range: 100 ms to 1 h. Default: 30 s.</summary>
    public TimeSpan ReaderTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of a request's body. Range: 1 KB to 256 MB. Default: 2 MB. A larger one is answered with 413.</summary>
    public long MaxBodyBytes { get; set; } = 2 << 20;

    /// <summary>Longest life of a session; a client may ask for less. Range: 1 ms to 24 h. Default: 60 s, as the documented product's.</summary>
    public TimeSpan SessionTtl { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest wait for one tool; a client may ask for less. Range: 1 ms to 24 h. Default: 30 s, as the documented product's.</summary>
    public TimeSpan ToolTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Tool calls of a session; a client may ask for fewer. Range: 0 to 1,000,000. Default: 50, as the documented product's. The host's own limit holds too.</summary>
    public int MaxToolCalls { get; set; } = 50;

    /// <summary>Console output of a session in bytes; a client may ask for less. Range: 0 to 1 GB. Default: 256 KB, as the documented product's.</summary>
    public long MaxStdoutBytes { get; set; } = 256 << 10;

    /// <summary>A tool's answer in bytes; a client may ask for less. Range: 1 to 1 GB. Default: 5 MB, as the documented product's.</summary>
    public long MaxToolResultBytes { get; set; } = 5 << 20;

    /// <summary>The time between two heartbeats of a session; a client may ask for another, of 1 s and above. Range: 100 ms to 24 h. Default: 15 s, as the documented product's.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Requests of one owner in a minute, or of one address where nobody is known. Range: 1 and above. Default: 60,000, since one owner may be a whole backend. More are answered with 429 and <c>Retry-After</c>.</summary>
    public int RequestsPerMinute { get; set; } = 60_000;

    /// <summary>
    /// Readers of one owner, or of one address where nobody is known, whose filter looks into events. Range: 1 to 100,000. Default: 32. More are answered
    /// with 429. Of one owner's, one looks at a time.
    /// </summary>
    public int MaxFilteredReadersPerOwner { get; set; } = 32;

    /// <summary>Web origins whose pages may talk to the broker, as <c>https://app.example</c>; <c>*</c> alone for any. Default: none, and only the broker's own pages may.</summary>
    public IReadOnlyCollection<string> AllowedOrigins { get; set; } = [];

    /// <summary>
    /// The names of tools that <see cref="EnclaveOptions.ToolHandler"/> answers, which only whoever wrote it knows: <c>GET /code/actions</c> lists them
    /// beside those that are registered. Default: none.
    /// </summary>
    public IReadOnlyCollection<string> HandlerTools { get; set; } = [];

    /// <summary>The tools that a client may ask to answer itself, through <c>POST /sessions/:id/tool-result</c>. Default: none.</summary>
    public IReadOnlyCollection<string> ClientTools { get; set; } = [];
}
