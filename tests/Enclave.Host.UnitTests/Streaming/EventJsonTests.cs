using Enclave.Outcomes;
using Enclave.Protocol;

namespace Enclave.Host.Tests;

/// <summary>Events as JSON lines for other programs. docs/streaming.md shows exactly these lines.</summary>
public sealed class EventJsonTests
{
    public static TheoryData<ExecutionEvent, string> Events => new()
    {
        { new StartedEvent { QueueWait = TimeSpan.FromMilliseconds(1.5) }, "\"type\":\"started\",\"queueWaitMs\":1.5" },
        { new ConsoleEvent { Level = ConsoleLevel.Warn, Text = "<é>\n" }, "\"type\":\"console\",\"level\":\"warn\",\"text\":\"<é>\\n\"" },
        { new ConsoleEvent { Level = ConsoleLevel.Log, Text = "\ud800" }, "\"type\":\"console\",\"level\":\"log\",\"text\":\"\\ud800\"" },
        { new ToolCallEvent { Call = 1, Name = "a:b", Args = ScriptValue.From(new { N = 1 }) },
            "\"type\":\"tool_call\",\"callId\":\"c_1\",\"name\":\"a:b\",\"args\":{\"n\":1}" },
        { new ToolCallEvent { Call = 1, Name = "a", Args = ScriptValue.From("x") }.WithoutPayload(),
            "\"type\":\"tool_call\",\"callId\":\"c_1\",\"name\":\"a\",\"payloadOmitted\":true" },
        {
            new ToolProgressEvent { Call = 1, Elapsed = TimeSpan.FromSeconds(2), Message = "m", Fraction = 0.5, Bytes = 1, TotalBytes = 2 },
            "\"type\":\"tool_progress\",\"callId\":\"c_1\",\"elapsedMs\":2000,\"message\":\"m\",\"fraction\":0.5,\"bytes\":1,\"totalBytes\":2"
        },
        { new ToolProgressEvent { Call = 1, Elapsed = TimeSpan.Zero }, "\"type\":\"tool_progress\",\"callId\":\"c_1\",\"elapsedMs\":0" },
        { new ToolResultEvent { Call = 1, Name = "a", Value = ScriptValue.From(1), Elapsed = TimeSpan.Zero },
            "\"type\":\"tool_result\",\"callId\":\"c_1\",\"name\":\"a\",\"elapsedMs\":0,\"value\":1" },
        {
            new ToolResultEvent
            {
                Call = 1,
                Name = "a",
                Value = ScriptValue.Undefined,
                Failure = new ToolFailure("MissingRow", "no such row", "E404"),
                Elapsed = TimeSpan.Zero,
            },
            "\"type\":\"tool_result\",\"callId\":\"c_1\",\"name\":\"a\",\"elapsedMs\":0," +
                "\"error\":{\"code\":\"TOOL_ERROR\",\"name\":\"MissingRow\",\"message\":\"no such row\",\"data\":{\"code\":\"E404\"}}"
        },
        { new PartialResultEvent { Call = 1, Path = ["rows", "0"], Data = ScriptValue.From("x") },
            "\"type\":\"partial_result\",\"callId\":\"c_1\",\"path\":[\"rows\",\"0\"],\"data\":\"x\"" },
        { new HeartbeatEvent(), "\"type\":\"heartbeat\"" },
        { new EventsDroppedEvent { ConsoleLines = 3, Reports = 2, ToolEvents = 1 },
            "\"type\":\"events_dropped\",\"consoleLines\":3,\"reports\":2,\"toolEvents\":1" },
    };

    [Theory]
    [MemberData(nameof(Events), DisableDiscoveryEnumeration = true)]
    public void Each_event_has_its_line(ExecutionEvent happened, string members) => Assert.Equal(
        $"{{\"seq\":3,\"time\":\"2026-11-20T18:00:00.250Z\",{members}}}",
        (happened with { Sequence = 3, Time = new DateTimeOffset(2026, 11, 20, 19, 0, 0, 250, TimeSpan.FromHours(1)) }).ToJsonString());

    [Fact]
    public void The_last_line_is_the_result()
    {
        var result = new ExecutionResult { Value = ScriptValue.From(42), Error = null, Stdout = "a\n", Stats = new ExecutionStats() };

        string line = new FinishedEvent { Result = result, Sequence = 9 }.ToJsonString();

        Assert.EndsWith($"\"type\":\"finished\",{result.ToJsonString()[1..]}", line, StringComparison.Ordinal);
    }
}
