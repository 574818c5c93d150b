namespace Enclave.Broker.Tests.Captures;

/// <summary>Facts about the recorded scenarios beyond their bytes.</summary>
internal static class Scenarios
{
    /// <summary>The recordings that our clients cannot reproduce, and why.</summary>
    public static Dictionary<string, string> NotPlayable { get; } = new()
    {
        ["http-demo-broker"] = "the routes are those of another program",
        ["http-inproc-cancel-before-run"] = "over HTTP a session runs as soon as it is there: nobody can cancel it before",
        ["http-inproc-cancel-on-first-error"] =
            "whether the script comes to its next call before it is cancelled is a matter of time (1.6), and so is the number of its calls",
        ["http-inproc-partial"] = "the events come from code of the host that adds to a session's stream; ours has none (1.3)",
    };

    /// <summary>How the sessions that were created in-process are opened: with the same limits.</summary>
    public static Dictionary<string, string> Openings { get; } = new()
    {
        ["http-inproc-deadline"] =
            """{"sessionId":"s_inproc","code":"const r = await callTool('time:sleep', { ms: 2000 }); return r;","limits":{"deadlineMs":150}}""",
        ["http-inproc-per-tool-deadline"] =
            """{"sessionId":"s_inproc","code":"const r = await callTool('time:sleep', { ms: 2000 }); return r;","limits":{"perToolDeadlineMs":100}}""",
        ["http-inproc-tool-timeout"] =
            """{"sessionId":"s_inproc","code":"const r = await callTool('time:sleep', { ms: 2000 }); return r;","limits":{"toolTimeoutMs":200}}""",
    };

    /// <summary>The configuration of the recorded broker.</summary>
    public static void Configure(string scenario, BrokerOptions options)
    {
        options.AllowedOrigins = scenario switch
        {
            "http-cors-off" => [],
            "http-cors-restricted" => ["https://a.example"],
            _ => ["*"],
        };
        switch (scenario)
        {
            case "http-max-sessions" or "http-max-sessions-noretry":
                options.MaxSessions = 1;
                break;

            // A client may ask for a heartbeat at the host's interval, or one per second.
            case "http-heartbeat":
                options.HeartbeatInterval = TimeSpan.FromMilliseconds(100);
                break;
            case "http-deadline":
                options.SessionTtl = TimeSpan.FromMilliseconds(150);
                break;
            case "http-per-tool-deadline":
                options.ToolTimeout = TimeSpan.FromMilliseconds(100);
                break;
            case "http-tool-timeout":
                options.ToolTimeout = TimeSpan.FromMilliseconds(200);
                break;
        }
    }
}
