namespace Enclave.Broker;

/// <summary>
/// Limits and rules of a broker for its clients. The host's limits of a run hold as well (<see cref="EnclaveOptions"/>): a client can only ask for less.
/// </summary>
public sealed class BrokerOptions
{
    /// <summary>Maximum number of sessions that run at once, over all owners. Range: 1 to 100,000. Default: 100, as in the JavaScript product.</summary>
    public int MaxSessions { get; set; } = 100;

    /// <summary>Maximum number of sessions of one owner that run at once. Range: 1 to 100,000. Default: 100.</summary>
    public int MaxSessionsPerOwner { get; set; } = 100;

    /// <summary>
    /// How long the store in memory keeps an ended session for readers, as far as all ended sessions take at most 64 MB. Range: 0 to 24 h.
    /// Default: 5 min.
    /// </summary>
    /// <remarks>A store in PostgreSQL does not read this: it keeps sessions for days (<c>keep_days</c>, docs/sessions-store.md).</remarks>
    public TimeSpan Retention { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Bytes of events that one session keeps for readers. The oldest events are dropped first. Range: 64 KB to 1 GB. Default: 16 MB.</summary>
    public long MaxLogBytes { get; set; } = 16 << 20;

    /// <summary>
    /// How long a running session may be without a reader before it is cancelled. Range: 0 to 24 h. Default: 30 s, more than a client needs to reconnect.
    /// </summary>
    public TimeSpan ReaderGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a reader may take for 64 KB before it is disconnected. Range: 100 ms to 1 h. Default: 30 s.</summary>
    public TimeSpan ReaderTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Maximum size of a request body in bytes. Range: 1 KB to 256 MB. Default: 2 MB. A larger one is refused with 413.</summary>
    public long MaxBodyBytes { get; set; } = 2 << 20;

    /// <summary>Longest lifetime of a session; a client may ask for less. Range: 1 ms to 24 h. Default: 60 s, as in the JavaScript product.</summary>
    public TimeSpan SessionTtl { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest wait for one tool; a client may ask for less. Range: 1 ms to 24 h. Default: 30 s, as in the JavaScript product.</summary>
    public TimeSpan ToolTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Maximum number of tool calls of a session; a client may ask for fewer. Range: 0 to 1,000,000. Default: 50,
    /// as in the JavaScript product. The host's own limit holds too.
    /// </summary>
    public int MaxToolCalls { get; set; } = 50;

    /// <summary>
    /// Maximum console output of a session in bytes; a client may ask for less. Range: 0 to 1 GB. Default: 256 KB, as in the JavaScript product.
    /// </summary>
    public long MaxStdoutBytes { get; set; } = 256 << 10;

    /// <summary>Maximum size of a tool's answer in bytes; a client may ask for less. Range: 1 to 1 GB. Default: 5 MB, as in the JavaScript product.</summary>
    public long MaxToolResultBytes { get; set; } = 5 << 20;

    /// <summary>
    /// The interval between heartbeats of a session; a client may ask for another one, of at least 1 s. Range:
    /// 100 ms to 24 h. Default: 15 s, as in the JavaScript product.
    /// </summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Requests per minute of one owner, or of one address for anonymous clients. Range: 1 and above. Default: 60,000, because one owner may be a whole
    /// backend. Further requests are refused with 429 and <c>Retry-After</c>.
    /// </summary>
    public int RequestsPerMinute { get; set; } = 60_000;

    /// <summary>
    /// Maximum number of readers whose filter reads event contents, for one owner, or for one address of anonymous clients. Range: 1 to 100,000. Default:
    /// 32. Further readers are refused with 429. Readers of one owner filter one at a time.
    /// </summary>
    public int MaxFilteredReadersPerOwner { get; set; } = 32;

    /// <summary>
    /// Web origins whose pages may use the broker, as <c>https://app.example</c>; <c>*</c> alone
    /// for any. Default: none; then only the broker's own pages may.
    /// </summary>
    public IReadOnlyCollection<string> AllowedOrigins { get; set; } = [];

    /// <summary>
    /// The names of the tools that <see cref="EnclaveOptions.ToolHandler"/> answers, which the broker cannot find out itself. <c>GET /code/actions</c>
    /// lists them with the registered tools. Default: none.
    /// </summary>
    public IReadOnlyCollection<string> HandlerTools { get; set; } = [];

    /// <summary>
    /// True to run only sessions whose events are encrypted for their client. Others, also durable ones and those of MCP, are refused before the script runs,
    /// with 400 <c>ENCRYPTION_REQUIRED</c>. Default: false.
    /// </summary>
    /// <remarks>It protects against a request for encryption that is taken out on the way. The script itself crosses in the request: that needs TLS.</remarks>
    public bool RequireEncryption { get; set; }

    /// <summary>The tools that a client may answer itself on request, through <c>POST /sessions/:id/tool-result</c>. Default: none.</summary>
    public IReadOnlyCollection<string> ClientTools { get; set; } = [];
}
