using System.Net;
using System.Text.Json;
using Enclave.Broker.Lifecycle;
using Enclave.Broker.Sessions;
using Enclave.Journals;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Broker.Tests.Routes;

/// <summary>Durable sessions: two brokers on one store, of which the first may end at any moment.</summary>
public sealed class DurableSessionTests : IAsyncDisposable
{
    private const string Alice = "alices-token-0123456789", Bob = "bobs-token-0123456789abc";

    private readonly RunStore _store = RunStore.InMemory();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_session_goes_on_at_another_broker_after_its_own_has_ended()
    {
        JsonElement[] before;
        await using (BrokerApp first = await Open())
        {
            using HttpResponseMessage opened = await Post(first, """
                console.log('asking'); const yes = await waitFor('approval');
                console.log('got', yes); return await callTool('math:add', { a: 1, b: 2 });
                """);
            before = await ReadUntil(opened, "tool_call");
            await BecomesAsync(first, "suspended");
        }

        await using BrokerApp second = await Open();
        JsonElement info = await Json(second, "/sessions/s_1");
        Assert.Equal(("suspended", "signal", "approval", "c_1"), (info.GetProperty("state").GetString(),
            Wait(info, "kind"), Wait(info, "name"), Wait(info, "callId")));
        Assert.Equal("""{"kind":"signal","name":"approval","callId":"c_1"}""", info.GetProperty("waits")[0].GetRawText());
        Assert.Equal(HttpStatusCode.OK, await Answer(second, """{ "callId": "c_1", "result": true }"""));

        JsonElement[] all = await Stream(second);
        Assert.Equal(Enumerable.Range(1, all.Length).Select((seq) => (long)seq), all.Select((one) => one.GetProperty("seq").GetInt64()));
        Assert.Equal(before.Select((one) => one.GetRawText()).Where(NoInit), all.Take(before.Length).Select((one) => one.GetRawText()).Where(NoInit));
        Assert.Equal(["asking\n", "got true\n"], all.Where((one) => one.Type() == "stdout").Select((one) => one.Payload().GetProperty("chunk").GetString()));
        Assert.Equal(3, all.Final().GetProperty("result").GetProperty("sum").GetInt32());
        Assert.Equal(2, all.Final().GetProperty("stats").GetProperty("toolCallCount").GetInt32());
        Assert.Equal("completed", (await Json(second, "/sessions/s_1")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task The_clients_own_tool_is_answered_at_any_broker()
    {
        await using BrokerApp first = await Open();
        await using BrokerApp second = await Open();
        using HttpResponseMessage opened = await Post(
            first, "return [await callTool('mine', { n: 1 }), await callTool('mine', { n: 2 }).catch(e => e.code)]", """, "tools": ["mine"]""");
        Task<JsonElement[]> reading = BrokerApp.Events(opened);
        await BecomesAsync(second, "waiting_for_tool");

        Assert.Equal(HttpStatusCode.OK, await Answer(second, """{ "callId": "c_1", "result": { "ok": 1 } }"""));
        await Within.Becomes(() => Wait(Json(second, "/sessions/s_1").GetAwaiter().GetResult(), "callId") == "c_2", "the second call waits");
        Assert.Equal(HttpStatusCode.Conflict, await Answer(second, """{ "callId": "c_1", "result": 5 }"""));
        Assert.Equal(HttpStatusCode.OK, await Answer(first, """{ "callId": "c_2", "error": { "message": "no", "code": "NO" } }"""));

        Assert.Equal("""[{"ok":1},"NO"]""", (await reading).Final().Value());
    }

    [Fact]
    public async Task The_tools_of_a_resumed_session_know_its_owner()
    {
        await using (BrokerApp first = await Open())
        {
            using HttpResponseMessage opened = await Post(first, "await waitFor('go'); return await callTool('who:am', {})");
            await ReadUntil(opened, "tool_call");
            await BecomesAsync(first, "suspended");
        }

        await using BrokerApp second = await Open();
        Assert.Equal(HttpStatusCode.OK, await Answer(second, """{ "callId": "c_1" }"""));
        Assert.Equal("\"alice\"", (await Stream(second)).Final().Value());
    }

    [Fact]
    public async Task A_session_belongs_to_its_owner_at_every_broker()
    {
        await using BrokerApp first = await Open();
        await using BrokerApp second = await Open();
        using HttpResponseMessage opened = await Post(first, "return await waitFor('x')");
        await BecomesAsync(first, "suspended");

        foreach ((HttpMethod method, string path) in ((HttpMethod, string)[])[(HttpMethod.Get, ""), (HttpMethod.Get, "/stream"),
            (HttpMethod.Post, "/cancel"), (HttpMethod.Post, "/tool-result"), (HttpMethod.Delete, "")])
        {
            using HttpResponseMessage refused = await second.Send(
                method, $"/sessions/s_1{path}", method == HttpMethod.Post ? """{ "callId": "c_1" }""" : null, Bob);
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }

        using HttpResponseMessage his = await second.Send(HttpMethod.Get, "/sessions", token: Bob);
        Assert.Equal("""{"sessions":[],"total":0}""", await his.Content.ReadAsStringAsync());
        Assert.Equal(1, (await Json(second, "/sessions")).GetProperty("total").GetInt32());
        // The same name is free for him.
        using HttpResponseMessage other = await second.Send(
            HttpMethod.Post, "/sessions", """{ "sessionId": "s_1", "durable": true, "code": "return 5" }""", Bob);
        Assert.Equal("5", (await BrokerApp.Events(other)).Final().Value());
    }

    [Fact]
    public async Task What_the_operator_decides_the_client_cannot_answer()
    {
        await using BrokerApp app = await Open((options) =>
        {
            options.Tools.Add("later", static () => ToolResult.Later("operators-token"));
            options.Tools.Add("risky", static () => 1, new ToolOptions { RequiresApproval = true });
            options.OnToolApproval = static (_) => new(ToolApproval.Later);
        });
        using HttpResponseMessage opened = await Post(app, "return await Promise.all([callTool('later', {}), callTool('risky', {})])");
        await Within.Becomes(() => Json(app, "/sessions/s_1").GetAwaiter().GetResult().GetProperty("waits").GetArrayLength() == 2, "both calls wait");

        Assert.Equal(HttpStatusCode.Conflict, await Answer(app, """{ "callId": "c_1", "result": 1 }"""));
        Assert.Equal(HttpStatusCode.Conflict, await Answer(app, """{ "callId": "c_2", "result": true }"""));
        Assert.DoesNotContain("operators-token", (await Json(app, "/sessions/s_1")).GetRawText(), StringComparison.Ordinal);

        IEnclave enclave = app.Services.GetRequiredService<IEnclave>();
        DurableRun run = (await enclave.Runs.ListAsync(new RunQuery { AllTenants = true })).Single();
        foreach (DurableWait wait in run.Waits) await enclave.AnswerAsync(wait.Token, true);
        Assert.Equal("[true,1]", (await Stream(app)).Final().Value());
    }

    [Fact]
    public async Task A_request_may_be_repeated()
    {
        await using BrokerApp app = await Open();
        using HttpResponseMessage opened = await Post(app, "return await waitFor('x')");
        using HttpResponseMessage again = await Post(app, "return await waitFor('x')");
        using HttpResponseMessage other = await Post(app, "return 1");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict), (again.StatusCode, other.StatusCode));
        Assert.Contains("SESSION_EXISTS", await other.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await BecomesAsync(app, "suspended");
        Assert.Equal(HttpStatusCode.OK, await Answer(app, """{ "callId": "c_1", "result": 7 }"""));
        Assert.Equal("7", (await BrokerApp.Events(again)).Final().Value());
        Assert.Equal("7", (await BrokerApp.Events(opened)).Final().Value());
    }

    [Theory]
    [InlineData(""", "encryption": { "mode": "required" }""", "encryption")]
    [InlineData(""", "limits": { "deadlineMs": 5 }""", "deadlineMs")]
    [InlineData(""", "limits": { "cancelOnFirstError": true }""", "cancelOnFirstError")]
    [InlineData(""", "durable": "yes" """, "durable")]
    public async Task What_a_durable_session_cannot_have_is_refused(string more, string named)
    {
        await using BrokerApp app = await Open();

        using HttpResponseMessage refused = await Post(app, "return 1", more);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(named, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_without_a_store_of_runs_says_so()
    {
        await using BrokerApp app = await BrokerApp.Open();

        using HttpResponseMessage refused = await app.Post("""{ "durable": true, "code": "return 1" }""");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("EnclaveOptions.Durable", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_waiting_session_is_cancelled_and_removed_at_another_broker()
    {
        await using BrokerApp first = await Open();
        await using BrokerApp second = await Open();
        using HttpResponseMessage opened = await Post(first, "return await waitFor('x')");
        await BecomesAsync(first, "suspended");

        using HttpResponseMessage cancelled = await second.Send(HttpMethod.Post, "/sessions/s_1/cancel", "{}", Alice);
        Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        Assert.Equal("SESSION_CANCELLED", (await BrokerApp.Events(opened)).Final().ErrorCode());
        Assert.Equal("cancelled", (await Json(first, "/sessions/s_1")).GetProperty("state").GetString());

        using HttpResponseMessage removed = await first.Send(HttpMethod.Delete, "/sessions/s_1", token: Alice);
        using HttpResponseMessage gone = await second.Send(HttpMethod.Get, "/sessions/s_1", token: Alice);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (removed.StatusCode, gone.StatusCode));
    }

    [Fact]
    public async Task A_session_whose_calls_are_undone_is_removed_only_afterwards()
    {
        var undone = new TaskCompletionSource();
        await using BrokerApp app = await Open((options) => options.Tools.Add(
            "book", static () => 1, new ToolOptions { Compensate = async (_, _, context) => await undone.Task.WaitAsync(context.CancellationToken) }));
        using HttpResponseMessage opened = await Post(app, "await callTool('book', {}); return await waitFor('x')");
        await BecomesAsync(app, "suspended");

        using HttpResponseMessage cancelled = await app.Send(HttpMethod.Post, "/sessions/s_1/cancel", "{}", Alice);
        using HttpResponseMessage early = await app.Send(HttpMethod.Delete, "/sessions/s_1", token: Alice);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict), (cancelled.StatusCode, early.StatusCode));
        undone.SetResult();
        await BecomesAsync(app, "cancelled");
        using HttpResponseMessage later = await app.Send(HttpMethod.Delete, "/sessions/s_1", token: Alice);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
        Assert.Equal("SESSION_CANCELLED", (await BrokerApp.Events(opened)).Final().ErrorCode());
    }

    [Fact]
    public async Task Readers_of_a_session_that_is_removed_get_its_end()
    {
        await using BrokerApp app = await Open();
        List<HttpResponseMessage> streams = [await Post(app, "return await waitFor('x')")];
        await BecomesAsync(app, "suspended");
        for (int i = 0; i < 7; i++) streams.Add(await app.Send(HttpMethod.Get, "/sessions/s_1/stream", token: Alice));

        using HttpResponseMessage removed = await app.Send(HttpMethod.Delete, "/sessions/s_1", token: Alice);

        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
        foreach (HttpResponseMessage stream in streams)
        {
            using (stream) Assert.Equal("SESSION_CANCELLED", (await BrokerApp.Events(stream)).Final().ErrorCode());
        }
    }

    [Fact]
    public async Task A_reader_of_a_sleeping_session_gets_heartbeats_and_may_return_anywhere()
    {
        await using BrokerApp app = await Open(broker: (options) => options.HeartbeatInterval = TimeSpan.FromMilliseconds(100));
        using HttpResponseMessage opened = await Post(app, "console.log('a'); console.log('b'); return await waitFor('x')");

        JsonElement[] events = await ReadUntil(opened, "heartbeat");
        long last = events.Where((one) => one.Type() != "heartbeat").Max((one) => one.GetProperty("seq").GetInt64());
        Assert.Equal(last, events[^1].GetProperty("seq").GetInt64());

        using HttpResponseMessage later = await app.Send(HttpMethod.Get, "/sessions/s_1/stream?fromSeq=3", token: Alice);
        JsonElement third = (await ReadUntil(later, "stdout"))[^1];
        Assert.Equal((3L, "b\n"), (third.GetProperty("seq").GetInt64(), third.Payload().GetProperty("chunk").GetString()));
    }

    [Fact]
    public async Task Lines_are_shown_while_a_script_works()
    {
        var done = new TaskCompletionSource<int>();
        await using BrokerApp app = await Open(
            (options) => options.Tools.Add("look", () => done.Task, new ToolOptions { Effects = ToolEffects.Reads }));
        // A call that may be repeated waits for no write.
        using HttpResponseMessage opened = await Post(app, "console.log('begun'); return await callTool('look', {})");

        JsonElement line = (await ReadUntil(opened, "stdout"))[^1];
        JsonElement info = await Json(app, "/sessions/s_1");
        done.SetResult(4);

        Assert.Equal("begun\n", line.Payload().GetProperty("chunk").GetString());
        Assert.Equal("running", info.GetProperty("state").GetString());
        Assert.Equal("4", (await Stream(app)).Final().Value());
    }

    /// <summary>The collector takes the journal that a reader may not keep while it sends a page.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_long_session_is_read_in_pages(bool isKept)
    {
        await using BrokerApp app = await Open();
        JournalReads reads = app.Services.GetRequiredService<DurableSessions>().Reads;
        for (int i = 1; i < 6 && !isKept; i++) Assert.True(reads.TryKeep($"other {i}", (16 << 20) >> i));
        using HttpResponseMessage opened = await Post(
            app, "for (let i = 0; i < 12; i++) await callTool('echo', { value: i + 'x'.repeat(100000) }); return await waitFor('x')");
        await BecomesAsync(app, "suspended");

        using HttpResponseMessage response = await app.Send(HttpMethod.Get, "/sessions/s_1/stream", token: Alice);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        var numbers = new List<int>();
        for (int calls = 0; calls < 12;)
        {
            JsonElement one = JsonDocument.Parse((await Within.Deadline(lines.ReadLineAsync(), "event"))!).RootElement;
            numbers.Add(one.GetProperty("seq").GetInt32());
            if (one.Type() != "tool_call") continue;
            Assert.StartsWith($"{calls++}x", one.Payload().GetProperty("args").GetProperty("value").GetString(), StringComparison.Ordinal);
            GC.Collect();
        }

        Assert.Equal(Enumerable.Range(1, numbers.Count), numbers);
        Assert.Equal(HttpStatusCode.OK, await Answer(app, $$"""{ "callId": "{{Wait(await Json(app, "/sessions/s_1"), "callId")}}", "result": 1 }"""));
        Assert.True((await Stream(app)).Final().GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task Sessions_of_another_owner_hide_none_of_a_clients_own()
    {
        await using BrokerApp app = await Open();
        using (HttpResponseMessage opened = await Post(app, "return await waitFor('x')")) await BecomesAsync(app, "suspended");
        string? tenant = (await _store.ListAsync(new RunQuery { AllTenants = true }, TestContext.Current.CancellationToken)).Single().Key.Tenant;
        for (int i = 0; i < 1001; i++)
        {
            DateTimeOffset time = TimeProvider.System.GetUtcNow().AddHours(1);
            var run = new StoredRun
            {
                Key = new RunKey(tenant, $"session:{new string('0', 32)}:s_{i}"),
                Journal = Guid.NewGuid(),
                Origin = [1],
                Created = time,
                Changed = time,
                State = DurableRunState.Ended,
                Due = time.AddDays(1),
                Entries = 1,
                Head = [1],
            };
            await (await _store.CreateAsync(run, new byte[] { 1 }, TestContext.Current.CancellationToken))!.DisposeAsync();
        }

        JsonElement listed = await Json(app, "/sessions");

        Assert.Equal(["s_1"], listed.GetProperty("sessions").EnumerateArray().Select((one) => one.GetProperty("sessionId").GetString()));
    }

    private static bool NoInit(string line) => !line.Contains("session_init", StringComparison.Ordinal);

    private static string? Wait(JsonElement info, string member) =>
        info.GetProperty("waits") is var waits && waits.GetArrayLength() > 0 ? waits[0].GetProperty(member).GetString() : null;

    private static async Task<JsonElement> Json(BrokerApp app, string path)
    {
        using HttpResponseMessage response = await app.Send(HttpMethod.Get, path, token: Alice);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    private static async Task<HttpStatusCode> Answer(BrokerApp app, string body)
    {
        using HttpResponseMessage response = await app.Send(HttpMethod.Post, "/sessions/s_1/tool-result", body, Alice);
        return response.StatusCode;
    }

    private static async Task<JsonElement[]> Stream(BrokerApp app)
    {
        using HttpResponseMessage response = await app.Send(HttpMethod.Get, "/sessions/s_1/stream", token: Alice);
        return await BrokerApp.Events(response);
    }

    private static Task<HttpResponseMessage> Post(BrokerApp app, string code, string more = "") => app.Send(
        HttpMethod.Post, "/sessions", $$"""{ "durable": true, "sessionId": "s_1", "code": {{JsonSerializer.Serialize(code)}} {{more}} }""", Alice);

    private static Task BecomesAsync(BrokerApp app, string state) =>
        Within.Becomes(() => Json(app, "/sessions/s_1").GetAwaiter().GetResult().GetProperty("state").GetString() == state, $"the session is {state}");

    /// <summary>The events up to the first of this type.</summary>
    private static async Task<JsonElement[]> ReadUntil(HttpResponseMessage response, string type)
    {
        var events = new List<JsonElement>();
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await Within.Deadline(lines.ReadLineAsync(), $"event {type}") is { } line)
        {
            events.Add(JsonDocument.Parse(line).RootElement);
            if (events[^1].Type() == type) return [.. events];
        }

        throw new InvalidOperationException($"no {type} in {string.Join(", ", events.Types())}");
    }

    private Task<BrokerApp> Open(Action<EnclaveOptions>? enclave = null, Action<BrokerOptions>? broker = null) => BrokerApp.Start(
        (services) =>
        {
            services.AddEnclave((options) =>
            {
                TestTools.Add(options);
                options.Durable = new DurableOptions { Store = _store, Grace = TimeSpan.FromMilliseconds(50) };
                options.WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 2 };
                enclave?.Invoke(options);
            });
            services.AddEnclaveBroker((options) =>
            {
                options.ClientTools = ["mine"];
                broker?.Invoke(options);
            });
            services.AddEnclaveBrokerTokens((tokens) =>
            {
                tokens.Add(Alice, "alice", "shop");
                tokens.Add(Bob, "bob", "shop");
            });
        },
        static (app) => app.MapEnclaveBroker().RequireAuthorization());
}
