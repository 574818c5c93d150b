using System.Text.Json;
using Enclave.Broker.Tests;
using Enclave.Runtime;
using Enclave.Tests;

namespace Enclave.RabbitMq.Tests.Sessions;

/// <summary>What holds for a session on a runtime, however it gets there.</summary>
public abstract class TransportContract
{
    private protected abstract Task<TransportBench> Open();

    [Fact]
    public async Task A_session_has_its_events_in_order_and_its_result()
    {
        await using TransportBench bench = await Open();

        JsonElement[] events = await bench.Broker.Run("console.log('hi'); const a = await callTool('math:add', { a: 1, b: 2 }); return a.sum;");

        Assert.Equal(["session_init", "stdout", "tool_call", "tool_progress", "tool_progress", "tool_result_applied", "final"], events.Types());
        Assert.Equal(Enumerable.Range(1, 7), events.Select((happened) => happened.GetProperty("seq").GetInt32()));
        Assert.Equal("hi\n", events[1].Payload().GetProperty("chunk").GetString());
        Assert.Equal(3, events.Final().GetProperty("result").GetInt32());
    }

    [Theory]
    [InlineData("return await callTool('fail:now', {})", "TOOL_ERROR", "tool exploded")]
    [InlineData("return await callTool('no:such', {})", "TOOL_ERROR", "there is no tool")]
    [InlineData("throw new Error('mine')", "RUNTIME_ERROR", "mine")]
    [InlineData("return (", "VALIDATION_ERROR", "")]
    [InlineData("for (let i = 0; i < 60; i++) await callTool('math:add', { a: 1, b: 1 })", "MAX_TOOL_CALLS", "50")]
    public async Task A_failure_has_its_code(string code, string expected, string words)
    {
        await using TransportBench bench = await Open();

        JsonElement final = (await bench.Broker.Run(code)).Final();

        Assert.Equal(expected, final.ErrorCode());
        Assert.Contains(words, final.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_catches_a_tools_failure_with_its_code()
    {
        await using TransportBench bench = await Open();

        JsonElement final = (await bench.Broker.Run("try { await callTool('fail:now', {}); } catch (e) { return [e.message, e.code]; }")).Final();

        Assert.Equal("""["tool exploded","BOOM"]""", final.GetProperty("result").GetRawText());
    }

    [Fact]
    public async Task Calls_side_by_side_get_each_its_own_answer()
    {
        await using TransportBench bench = await Open();

        JsonElement final = (await bench.Broker.Run("const all = await parallel([1, 2, 3, 4].map((n) => () => callTool('math:add', { a: n, b: 10 }))); return all.map((one) => one.sum);")).Final();

        Assert.Equal("[11,12,13,14]", final.GetProperty("result").GetRawText());
    }

    [Fact]
    public async Task A_large_answer_of_a_tool_and_a_large_result_arrive_whole()
    {
        await using TransportBench bench = await Open();

        JsonElement final = (await bench.Broker.Run("const big = await callTool('give:big', { bytes: 1000000 }); return big + big;")).Final();

        Assert.Equal(2_000_000, final.GetProperty("result").GetString()!.Length);
    }

    [Fact]
    public async Task A_cancel_reaches_the_runtime()
    {
        await using TransportBench bench = await Open();
        using HttpResponseMessage response = await bench.Broker.Post("""{ "sessionId": "s_long", "code": "return await callTool('time:sleep', { ms: 60000 })" }""");
        await Within.Becomes(() => bench.Runtime.GetStats().ActiveSessions == 1, "the runtime has the session");

        (await bench.Broker.Http.PostAsync("/sessions/s_long/cancel", new StringContent("""{"reason":"enough"}"""))).Dispose();
        JsonElement[] events = await BrokerApp.Events(response);

        Assert.Equal("SESSION_CANCELLED", events.Final().ErrorCode());
        Assert.Equal("enough", events.Final().GetProperty("error").GetProperty("message").GetString());
        await Within.Becomes(() => bench.Runtime.GetStats().ActiveSessions == 0, "the runtime has let go of it");
    }

    [Theory]
    [InlineData("""{ "deadlineMs": 300 }""", "DEADLINE_EXCEEDED")]
    [InlineData("""{ "timeout": 300 }""", "TIMEOUT")]
    public async Task A_session_ends_in_its_time(string limits, string expected)
    {
        await using TransportBench bench = await Open();

        JsonElement final = (await bench.Broker.Run("return await callTool('time:sleep', { ms: 60000 })", $", \"limits\": {limits}")).Final();

        Assert.Equal(expected, final.ErrorCode());
        await Within.Becomes(() => bench.Runtime.GetStats().ActiveSessions == 0, "the runtime has let go of it");
    }

    [Fact]
    public async Task Many_sessions_at_once_have_each_its_own_result()
    {
        await using TransportBench bench = await Open();

        JsonElement[][] all = await Task.WhenAll(Enumerable.Range(0, 4).Select((n) => bench.Broker.Run($"const a = await callTool('math:add', {{ a: {n}, b: 100 }}); return a.sum;")));

        Assert.Equal([100, 101, 102, 103], all.Select((events) => events.Final().GetProperty("result").GetInt32()));
    }
}
