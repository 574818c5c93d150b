using Enclave.Streaming;
using Enclave.Tests;

namespace Enclave.Runtime.Tests.Sessions;

/// <summary>The operator's ceilings hold, whatever a session asks for and whatever the defaults are.</summary>
public sealed class SessionCeilingTests
{
    private const string Fills = "const all = []; for (let i = 0; i < 4000; i++) all.push(new Array(1000).fill(i)); return all.length";

    private static readonly SessionLimits s_much = new()
    {
        SessionTtlMs = 60_000,
        TimeoutMs = 60_000,
        MemoryLimit = 128 << 20,
        MaxToolCalls = 1_000,
        MaxStdoutBytes = 1 << 20,
        MaxToolResultBytes = 1 << 20,
        ToolTimeoutMs = 60_000,
        PerToolDeadlineMs = 60_000,
    };

    public static TheoryData<string, string, SessionLimits> Ceilings => new()
    {
        { "TIMEOUT", "await callTool('silent')", new() { TimeoutMs = 300 } },
        { "TIMEOUT", "await callTool('silent')", new() { SessionTtlMs = 300 } },
        { "TIMEOUT", "await callTool('silent')", new() { SessionTtlMs = 60_000, TimeoutMs = 300 } },
        { "TIMEOUT", "await callTool('silent')", new() { SessionTtlMs = 300, TimeoutMs = 60_000 } },
        { "TOOL_ERROR", "await callTool('silent')", new() { ToolTimeoutMs = 200 } },
        { "TOOL_ERROR", "await callTool('silent')", new() { PerToolDeadlineMs = 200 } },
        { "MEMORY_LIMIT_EXCEEDED", Fills, new() { MemoryLimit = 16 << 20 } },
        { "MAX_TOOL_CALLS", "await callTool('large'); await callTool('large')", new() { MaxToolCalls = 1 } },
        { "MAX_TOOL_CALLS", "await callTool('large')", new() { MaxToolCalls = 0 } },
        { "OUTPUT_LIMIT", "console.log('0123456789')", new() { MaxStdoutBytes = 5 } },
        { "TOOL_ERROR", "await callTool('large')", new() { MaxToolResultBytes = 100 } },
    };

    [Theory]
    [MemberData(nameof(Ceilings))]
    public async Task A_session_that_asks_for_more_gets_the_ceiling(string expected, string code, SessionLimits ceiling)
    {
        await using RuntimeWorker runtime = Runtime(ceiling, new SessionLimits());

        Assert.Equal(expected, (await Within.Deadline(runtime.ExecuteSync(null, code, s_much), "answer")).Error?.Code);
    }

    [Theory]
    [MemberData(nameof(Ceilings))]
    public async Task A_default_above_the_ceiling_is_lowered_too(string expected, string code, SessionLimits ceiling)
    {
        await using RuntimeWorker runtime = Runtime(ceiling, s_much);

        Assert.Equal(expected, (await Within.Deadline(runtime.ExecuteSync(null, code), "answer")).Error?.Code);
    }

    [Fact]
    public async Task A_ceiling_raises_nothing()
    {
        await using RuntimeWorker runtime = Runtime(s_much, new SessionLimits { TimeoutMs = 300, MaxToolCalls = 1 });

        Assert.Equal("TIMEOUT", (await Within.Deadline(runtime.ExecuteSync(null, "await callTool('silent')"), "answer")).Error?.Code);
        Assert.Equal("MAX_TOOL_CALLS",
            (await Within.Deadline(runtime.ExecuteSync(null, "await callTool('large'); await callTool('large')"), "answer")).Error?.Code);
    }

    [Fact]
    public async Task A_step_of_the_wall_clock_is_no_part_of_a_duration()
    {
        var wall = new SteppedWall(TimeProvider.System);
        foreach (int hours in (int[])[1, -1])
        {
            await using RuntimeWorker runtime = TestRuntime.Create(new RuntimeWorkerOptions
            {
                TimeProvider = wall,
                ToolHandler = (_, _, _) =>
                {
                    wall.Step(TimeSpan.FromHours(hours));
                    return new ValueTask<object?>(1);
                },
            });
            await Within.Deadline(runtime.StartAsync(TestContext.Current.CancellationToken), "start");

            RuntimeResult result = await Within.Deadline(runtime.ExecuteSync(null, "return await callTool('x')"), "answer");

            Assert.True(result.Success, result.Error?.Message);
            Assert.InRange(result.Stats.DurationMs, double.Epsilon, 60_000);
            Assert.InRange(runtime.GetStats().UptimeMs, 0, 600_000);
        }
    }

    private static RuntimeWorker Runtime(SessionLimits ceiling, SessionLimits defaults) => TestRuntime.Create(new RuntimeWorkerOptions
    {
        MaxLimits = ceiling,
        DefaultLimits = defaults,
        ToolHandler = async (name, _, context) =>
        {
            if (name == "silent") await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return new string('x', 1000);
        },
    });
}
