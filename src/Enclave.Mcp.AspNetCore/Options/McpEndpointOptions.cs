using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Server;

namespace Enclave.Mcp.AspNetCore;

/// <summary>Limits and rules of <c>/mcp</c> (docs/mcp.md). The host's limits of each run hold as well.</summary>
public sealed class McpEndpointOptions
{
    /// <summary>Options of the server. Its runs count for the caller's tenant. Default: <see cref="CodeServerOptions"/> with its defaults.</summary>
    public CodeServerOptions Server { get; set; } = new();

    /// <summary>
    /// Gives the options of one session, from the request that opens it and <see cref="Server"/>: tools of one customer, for example. Default: null, no change.
    /// </summary>
    /// <remarks>Read what you need from the request before you return: the session lives longer than the request.</remarks>
    public Func<HttpContext, CodeServerOptions, CodeServerOptions>? ForSession { get; set; }

    /// <summary>
    /// Changes the protocol's settings of one session: adds prompts, resources or further tools of the application. Default: null, no change.
    /// </summary>
    public Action<HttpContext, McpServerOptions>? Configure { get; set; }

    /// <summary>Maximum number of sessions, over all owners. A further one is refused with 503. Range: 1 to 100,000. Default: 1,000.</summary>
    public int MaxSessions { get; set; } = 1_000;

    /// <summary>
    /// Maximum number of sessions of one owner, or of one address for anonymous clients. A further one ends the owner's session that has been idle for
    /// longest; if none is idle, it is refused with 429. Range: 1 to 100,000. Default: 100.
    /// </summary>
    public int MaxSessionsPerOwner { get; set; } = 100;

    /// <summary>Maximum number of tool calls of one session that run at once. A further one gets an error. Range: 1 to 1,000. Default: 16.</summary>
    public int MaxCallsPerSession { get; set; } = 16;

    /// <summary>Maximum number of HTTP requests of one session at once. A further one is refused with 429. Range: 1 to 1,000. Default: 32.</summary>
    public int MaxRequestsPerSession { get; set; } = 32;

    /// <summary>The longest time that a session is kept without a request and without a call. Range: 1 s to 24 h. Default: 30 minutes.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// The time that the messages of a call are kept for clients that come back with <c>Last-Event-ID</c>. Range: 0 to 24 h. Default: 5 minutes.
    /// </summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Bytes of messages that all sessions keep together; one session keeps at most 512 KB. Range: 0 and above. Default: 64 MB.</summary>
    public long MaxKeptBytes { get; set; } = 64 << 20;

    /// <summary>Maximum size of a request body in bytes. A larger one is refused with 413. Range: 1 KB to 64 MB. Default: 2 MB.</summary>
    public int MaxBodyBytes { get; set; } = 2 << 20;

    /// <summary>
    /// Requests per minute of one owner, or of one address for anonymous clients. Further requests are refused with 429. Range: 1 and above.
    /// Default: 60,000, because one owner may be a whole backend.
    /// </summary>
    public int RequestsPerMinute { get; set; } = 60_000;

    /// <summary>
    /// Web origins whose pages may use the server, as <c>https://app.example</c>; <c>*</c> alone for any. Default: none. Then only pages of the server's own
    /// origin may, and without authentication only where that is this machine.
    /// </summary>
    public IReadOnlyCollection<string> AllowedOrigins { get; set; } = [];
}
