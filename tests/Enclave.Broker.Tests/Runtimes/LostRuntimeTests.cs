using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Broker.Tests.Runtimes;

/// <summary>Runtime processes that are killed.</summary>
public sealed class LostRuntimeTests
{
    [Fact]
    public async Task A_script_whose_runtime_is_killed_after_a_tool_call_is_not_run_again()
    {
        await using CliServer one = await CliServer.Runtime();
        await using CliServer two = await CliServer.Runtime();
        await using BrokerApp app = await Over(one.Address, two.Address);
        using HttpResponseMessage response = await app.Post(
            """{ "sessionId": "s_lost", "code": "await callTool('math:add', { a: 1, b: 2 }); return await callTool('time:sleep', { ms: 60000 })" }""");
        await Within.Becomes(
            () => app.Get("/sessions/s_lost").GetAwaiter().GetResult().GetProperty("stats").GetProperty("toolCallCount").GetInt32() == 2, "two calls");

        // Kill both: either may run the session.
        one.Kill();
        two.Kill();
        JsonElement[] events = await BrokerApp.Events(response);

        Assert.Equal("RUNTIME_LOST", events.Final().ErrorCode());
        Assert.Contains("after 2 tool calls; the script was not run again",
            events.Final().GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, events.Count((happened) => happened.Type() == "tool_call"));
        Assert.Equal(2, events.Count((happened) => happened.Type() == "tool_result_applied"));
    }

    [Fact]
    public async Task The_next_session_finds_the_runtime_that_is_left()
    {
        await using CliServer gone = await CliServer.Runtime();
        await using CliServer left = await CliServer.Runtime();
        await using BrokerApp app = await Over(gone.Address, left.Address);
        for (int i = 0; i < 4; i++) Assert.Equal(i, (await app.Run($"return {i}")).Final().GetProperty("result").GetInt32());

        gone.Kill();

        for (int i = 0; i < 4; i++) Assert.Equal(i, (await app.Run($"return {i}")).Final().GetProperty("result").GetInt32());
    }

    private static Task<BrokerApp> Over(params Uri[] runtimes) => BrokerApp.Over((options) =>
    {
        foreach (Uri runtime in runtimes) options.Runtimes.Add(runtime);
    });
}
