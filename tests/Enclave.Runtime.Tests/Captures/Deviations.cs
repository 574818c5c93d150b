namespace Enclave.Runtime.Tests.Captures;

/// <summary>All intended differences between our runtime and the recorded ones.</summary>
internal static class Deviations
{
    /// <summary>In every recording: our sessions also report the progress of tool calls, as brokers do, and send heartbeats on request.</summary>
    public static IReadOnlySet<string> Everywhere { get; } = new HashSet<string> { "tool_progress", "heartbeat" };

    public static Deviation[] All { get; } =
    [
        new()
        {
            Scenario = "ws-demo-tool-error",
            Reason = "a failed tool throws in the script, as documented; the demo hands it an object that looks like a value",
            Final = """{"ok":true,"result":{"threw":"exploded"}}""",
        },
        new()
        {
            Scenario = "ws-demo-broker-to-runtime",
            Reason = "a failed tool throws in the script, as documented; nothing here catches it",
            Final = """{"ok":false,"error":{"code":"TOOL_ERROR"},"errors":[{"code":"UNKNOWN_TOOL"}]}""",
        },
        new()
        {
            Scenario = "ws-demo-docs-tool-result",
            Reason = "the documented form of an answer, without success, is taken; the demo waits on for another",
            Final = """{"ok":true,"result":{"data":"fetched"}}""",
        },
        new()
        {
            Scenario = "ws-demo-channel-tool-result",
            Reason = "the third form of an answer is taken as well; the demo waits on for another",
            Final = """{"ok":true,"result":1}""",
        },
        new()
        {
            Scenario = "ws-demo-cancel",
            Reason = "a cancelled session tells so in the order of the library's worker, with the reason",
            Extra = ["error"],
            Final = """{"ok":false,"error":{"code":"SESSION_CANCELLED"}}""",
        },
        new()
        {
            Scenario = "ws-demo-error",
            Reason = "a refused script has the documented code; the demo calls every failure EXECUTION_ERROR",
            Final = """{"ok":false,"error":{"code":"VALIDATION_ERROR"}}""",
        },
        new()
        {
            Scenario = "ws-demo-limits-ignored",
            Reason = "limits hold; the recorded script may end within its 1 ms, so that ours is one that does not",
            Code = "let length = 0; for (let i = 0; i < 5000; i++) length += JSON.stringify('x'.repeat(10000)).length; return length",
            Final = """{"ok":false,"error":{"code":"TIMEOUT"}}""",
        },
        new()
        {
            Scenario = "ws-demo-ping",
            Reason = "a pong has the ping's own time, and ours beside it",
        },
        new()
        {
            Scenario = "ws-lib-execute",
            Reason = "the library announces the session and never runs the script; ours does",
            Extra = ["final"],
        },
        new()
        {
            Scenario = "ws-lib-no-session-id",
            Reason = "the library never runs the script; ours does, and there is no x",
            Extra = ["final"],
        },
        new()
        {
            Scenario = "ws-lib-cancel",
            Reason = "the library never runs the script; ours has to have one that still runs when the cancel comes",
            Code = "await callTool('nobody', {})",
            Extra = ["tool_call"],
        },
        new()
        {
            Scenario = "ws-lib-stop",
            Reason = "as ws-lib-cancel",
            Code = "await callTool('nobody', {})",
            Extra = ["tool_call"],
        },
        new()
        {
            Scenario = "ws-lib-errors",
            Reason = "a session whose name is taken is refused in words, so that nobody waits; a ping is answered. The script as in ws-lib-cancel",
            Code = "await callTool('nobody', {})",
            Extra = ["tool_call", "error", "final", "pong"],
        },
        new()
        {
            Scenario = "ws-lib-max-sessions",
            Reason = "a full runtime says so, so that nobody waits. The scripts as in ws-lib-cancel",
            Code = "await callTool('nobody', {})",
            Extra = ["tool_call", "tool_call", "error", "final"],
        },
    ];
}
