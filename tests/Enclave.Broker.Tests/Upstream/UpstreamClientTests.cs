using System.Text.Json;

namespace Enclave.Broker.Tests.Upstream;

/// <summary>The documented product's client against this broker.</summary>
public sealed class UpstreamClientTests
{
    [Fact]
    public async Task It_runs_a_script()
    {
        JsonElement told = await Act("plain");

        Assert.True(told.GetProperty("success").GetBoolean());
        Assert.Equal(2, told.GetProperty("value").GetInt32());
        Assert.Equal("""[[1,"session_init"],[2,"final"]]""", told.GetProperty("events").GetRawText());
    }

    [Fact]
    public async Task It_hears_what_the_script_prints()
    {
        JsonElement told = await Act("stdout");

        Assert.Equal("""[["onSessionInit"],["onStdout","one\n"],["onStdout","two\n"]]""", told.GetProperty("calls").GetRawText());
        Assert.Equal(8, told.GetProperty("stats").GetProperty("stdoutBytes").GetInt32());
    }

    [Fact]
    public async Task It_sees_tools_at_work()
    {
        JsonElement told = await Act("tools");

        Assert.Equal("""{"a":{"sum":3},"b":{"value":{"deep":[1,"é",null]}}}""", told.GetProperty("value").GetRawText());
        Assert.Equal(2, told.GetProperty("stats").GetProperty("toolCallCount").GetInt32());
        Assert.Equal(
            ["onSessionInit", "onToolCall",
                "onToolProgress", "onToolProgress", "onToolResultApplied", "onToolCall", "onToolProgress", "onToolProgress", "onToolResultApplied"],
            told.GetProperty("calls").EnumerateArray().Select((call) => call[0].GetString()));
    }

    [Fact]
    public async Task It_sees_calls_side_by_side() => Assert.Equal("[2,4,6,8]", (await Act("parallel")).GetProperty("value").GetRawText());

    [Theory]
    [InlineData("scriptError", "RUNTIME_ERROR", "mine")]
    [InlineData("toolError", "TOOL_ERROR", "tool exploded")]
    [InlineData("limits", "MAX_TOOL_CALLS", "3")]
    [InlineData("ttl", "TIMEOUT", "300 ms")]
    public async Task It_is_told_of_failures(string scenario, string code, string words)
    {
        JsonElement told = await Act(scenario);

        Assert.False(told.GetProperty("success").GetBoolean());
        Assert.Equal(code, told.GetProperty("error").GetProperty("code").GetString());
        Assert.Contains(words, told.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_catches_what_a_tool_throws() =>
        Assert.Equal("""["tool exploded","BOOM"]""", (await Act("toolErrorCaught")).GetProperty("value").GetRawText());

    [Fact]
    public async Task It_gets_300_kilobytes_in_one_line() => Assert.Equal(300_000, (await Act("large")).GetProperty("value").GetInt32());

    [Fact]
    public async Task It_hears_the_heart_beat()
    {
        JsonElement told = await Act("heartbeats");

        Assert.Equal("slept", told.GetProperty("value").GetString());
        Assert.Equal(2, told.GetProperty("calls").EnumerateArray().Count((call) => call[0].GetString() == "onHeartbeat"));
    }

    [Fact]
    public async Task It_cancels()
    {
        JsonElement told = await Act("cancel");

        Assert.Equal("CANCELLED", told.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("cancelled", told.GetProperty("session").GetProperty("state").GetString());
    }

    /// <summary>The client first reports the broken connection to its caller; the session ends all the same.</summary>
    [Fact]
    public async Task It_cancels_with_a_reason()
    {
        JsonElement told = await Act("cancelReason");

        Assert.Equal("NETWORK_ERROR", told.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("cancelled", told.GetProperty("session").GetProperty("state").GetString());
    }

    [Fact]
    public async Task It_runs_a_hundred_in_a_row() =>
        Assert.Equal(Enumerable.Range(0, 100), (await Act("hundred")).GetProperty("values").EnumerateArray().Select((value) => value.GetInt32()));

    [Fact]
    public async Task It_runs_fifty_at_once() => Assert.Equal(Enumerable.Range(1, 50),
        (await Act("fifty")).GetProperty("values").EnumerateArray().Select((value) => value.ValueKind == JsonValueKind.Number ? value.GetInt32() : -1));

    [Fact]
    public async Task It_resumes_after_its_connection_was_cut_and_sees_no_event_twice()
    {
        await using BrokerApp app = await BrokerApp.Open();
        await using CuttingProxy proxy = CuttingProxy.Open(app.Address, afterLines: 30);

        JsonElement told = await UpstreamClient.Act(proxy.Address, "resume");

        Assert.Equal(20, told.GetProperty("value").GetInt32());
        int[] numbers = [.. told.GetProperty("events").EnumerateArray().Select((happened) => happened[0].GetInt32())];
        Assert.Equal(Enumerable.Range(1, numbers.Length), numbers);
        Assert.Equal(1, proxy.Cuts);
    }

    [Fact]
    public async Task A_session_that_is_not_there_is_null() => Assert.Equal(JsonValueKind.Null, (await Act("missing")).GetProperty("session").ValueKind);

    private static async Task<JsonElement> Act(string scenario)
    {
        await using BrokerApp app = await BrokerApp.Open();
        return await UpstreamClient.Act(app.Address, scenario);
    }
}
