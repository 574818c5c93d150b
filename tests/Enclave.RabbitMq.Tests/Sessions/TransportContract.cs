using System.Net;
using System.Text.Json;
using Enclave.Broker.Tests;
using Enclave.Tests;

namespace Enclave.RabbitMq.Tests.Sessions;

/// <summary>The contract of a session on a runtime, for every transport.</summary>
public abstract class TransportContract
{
    /// <summary>The tool that a client may answer itself.</summary>
    private protected const string Ask = "ask:user";

    private protected abstract Task<TransportBench> Open(Action<EnclaveOptions>? enclave = null);

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

    [Theory]
    [InlineData("javascript", "VALIDATION_ERROR")]
    [InlineData("typescript", "2")]
    public async Task A_script_is_read_in_its_language(string language, string expected)
    {
        await using TransportBench bench = await Open();

        JsonElement final = (await bench.Broker.Run("const n: number = 2; return n", $", \"language\": \"{language}\"")).Final();

        Assert.Contains(expected, final.Value(), StringComparison.Ordinal);
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

        JsonElement final = (await bench.Broker.Run(
            "const all = await parallel([1, 2, 3, 4].map((n) => () => callTool('math:add', { a: n, b: 10 }))); return all.map((one) => one.sum);")).Final();

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
        using HttpResponseMessage response = await bench.Broker.Post(
            """{ "sessionId": "s_long", "code": "return await callTool('time:sleep', { ms: 60000 })" }""");
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

        JsonElement[][] all = await Task.WhenAll(
            Enumerable.Range(0, 4).Select((n) => bench.Broker.Run($"const a = await callTool('math:add', {{ a: {n}, b: 100 }}); return a.sum;")));

        Assert.Equal([100, 101, 102, 103], all.Select((events) => events.Final().GetProperty("result").GetInt32()));
    }

    [Fact]
    public async Task A_clients_answer_reaches_the_script_once()
    {
        await using TransportBench bench = await Open();
        using HttpResponseMessage response = await bench.Broker.Post("""{ "sessionId": "s_asks", "tools": ["ask:user"], "code": "const many = await""" +
            """ callTool('ask:user', { question: 'how many?' }); return many.n + (await callTool('math:add', { a: 1, b: 2 })).sum" }""");
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        string call = await NextCall(lines);

        HttpStatusCode[] answers =
            [await Answer(bench, "c_99", "\"result\": 1"), await Answer(bench, call, "\"result\": { \"n\": 7 }"), await Answer(bench, call, "\"result\": 8")];
        JsonElement[] rest = await Rest(lines);

        Assert.Equal([HttpStatusCode.Conflict, HttpStatusCode.OK, HttpStatusCode.Conflict], answers);
        Assert.Equal(10, rest.Final().GetProperty("result").GetInt32());
        Assert.Equal(2, rest.Types().Count((type) => type == "tool_result_applied"));
    }

    [Fact]
    public async Task A_client_fails_a_call_or_is_too_late_and_the_script_sees_which()
    {
        await using TransportBench bench = await Open();
        const string Code =
            "const seen = []; for (const n of [1, 2]) { try { await callTool('ask:user', { n }); } catch (e) { seen.push(e.code); } } return seen";
        using HttpResponseMessage response = await bench.Broker.Post(
            $$"""{ "sessionId": "s_asks", "tools": ["ask:user"], "limits": { "toolTimeoutMs": 3000 }, "code": "{{Code}}" }""");
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());

        HttpStatusCode failed = await Answer(bench, await NextCall(lines), """ "error": { "message": "not today", "code": "BUSY" }""");
        string second = await NextCall(lines);
        JsonElement[] rest = await Rest(lines);

        Assert.Equal(HttpStatusCode.OK, failed);
        Assert.Equal("""["BUSY","TOOL_TIMEOUT"]""", rest.Final().GetProperty("result").GetRawText());
        Assert.Equal(HttpStatusCode.Conflict, await Answer(bench, second, "\"result\": 1"));
    }

    [Fact]
    public async Task A_call_that_the_sequence_policy_refuses_waits_for_no_client()
    {
        await using TransportBench bench = await Open(static (options) =>
        {
            options.SequencePolicy = SequencePolicyOptions.Standard;
            options.Tools.Add(Ask, static (JsonElement _, ToolContext _, CancellationToken _) => Task.FromResult("nobody asks the host"),
                new ToolOptions { MaxCallsPerWindow = 1 });
        });
        using HttpResponseMessage response = await bench.Broker.Post("""{ "sessionId": "s_asks", "tools": ["ask:user"]""" +
            """, "code": "const first = await callTool('ask:user', {}); try { await callTool('ask:user', {}); } catch (e) { return [first, e.code]; }" }""");
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());

        HttpStatusCode answer = await Answer(bench, await NextCall(lines), "\"result\": 7");
        JsonElement[] rest = await Rest(lines);

        Assert.Equal(HttpStatusCode.OK, answer);
        Assert.Equal("""[7,"TOOL_SEQUENCE_BLOCKED"]""", rest.Final().GetProperty("result").GetRawText());
    }

    private static async Task<HttpStatusCode> Answer(TransportBench bench, string call, string answer)
    {
        using HttpResponseMessage response = await bench.Broker.Http.PostAsync(
            "/sessions/s_asks/tool-result", BrokerApp.Json($$"""{ "callId": "{{call}}", {{answer}} }"""));
        return response.StatusCode;
    }

    private static async Task<string> NextCall(StreamReader lines)
    {
        while (await Within.Deadline(lines.ReadLineAsync(), "tool call") is { } line)
        {
            JsonElement happened = JsonElement.Parse(line);
            if (happened.Type() == "tool_call") return happened.Payload().GetProperty("callId").GetString()!;
        }

        throw new InvalidOperationException("the stream ended before a tool call");
    }

    private static async Task<JsonElement[]> Rest(StreamReader lines)
    {
        string text = await Within.Deadline(lines.ReadToEndAsync(), "end of the stream");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line) => JsonElement.Parse(line))];
    }
}
