using System.Text;
using System.Text.Json;
using Enclave.Broker.Errors;
using Enclave.Broker.Sessions;
using Enclave.Broker.Tests;
using Enclave.Streaming;
using Enclave.Tests;

namespace Enclave.Broker.PostgreSql.Tests.Contract;

/// <summary>The contract of every session store, for any broker that is asked.</summary>
public abstract class SessionStoreContract : IAsyncDisposable
{
    private readonly List<TestBroker> _brokers = [];

    [Fact]
    public async Task A_session_is_read_from_any_number_while_it_runs_and_after()
    {
        (TestBroker here, TestBroker there) = await Pair();
        ISessionView opened = await here.Open(TestBroker.By("alice"), TestBroker.Asks("print print tool ask print", "s_1"));
        // The first call is for the broker's own tool; the second waits for the client.
        await TestBroker.Sees(opened, "tool_call", times: 2);
        Task<List<JsonElement>> live = TestBroker.ReadAll(await there.Get(TestBroker.By("alice"), "s_1"));

        await AnswerAll(there, "s_1");
        List<JsonElement> all = await live;
        List<JsonElement> late = await TestBroker.ReadAll(await there.Get(TestBroker.By("alice"), "s_1"), from: 4);

        Assert.Equal(
            ["session_init", "stdout", "stdout", "tool_call", "tool_result_applied", "tool_call", "tool_result_applied", "stdout", "final"], all.Types());
        Assert.Equal(all[3..].Select((happened) => happened.GetRawText()), late.Select((happened) => happened.GetRawText()));
        Assert.Equal(all.Select((happened) => happened.GetRawText()), (await TestBroker.ReadAll(opened)).Select((happened) => happened.GetRawText()));
        Assert.Equal("yes", all.Final().GetProperty("result").GetString());
    }

    [Fact]
    public async Task A_session_is_there_for_its_owner_alone()
    {
        (TestBroker here, TestBroker there) = await Pair();
        await here.Open(TestBroker.By("alice"), TestBroker.Asks("wait", "s_same"));
        await here.Open(TestBroker.By("bob"), TestBroker.Asks("print", "s_same"));
        await here.Open(TestBroker.By(null), TestBroker.Asks("print", "s_nobodys"));

        Assert.Null(await there.Find(TestBroker.By("carol"), "s_same"));
        Assert.Null(await there.Find(TestBroker.By(""), "s_nobodys"));
        Assert.Null(await there.Find(TestBroker.By("alice"), "s_nobodys"));
        Assert.NotNull(await there.Find(TestBroker.By(null), "s_nobodys"));
        Assert.Equal(["s_same"], (await there.Store.ListAsync(TestBroker.By("bob"), CancellationToken.None)).Select((session) => session.Id));
        Assert.Empty(await there.Store.ListAsync(TestBroker.By("carol"), CancellationToken.None));
        Assert.False(await there.Store.RemoveAsync(TestBroker.By("carol"), "s_same", CancellationToken.None));
        Assert.Equal(["session_init", "stdout", "final"], (await TestBroker.ReadAll(await there.Get(TestBroker.By("bob"), "s_same"))).Types());
        Assert.Equal("running", Info(await there.Get(TestBroker.By("alice"), "s_same")).GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("s_")]
    [InlineData("no_session")]
    [InlineData("s_\0")]
    [InlineData("s_' OR true --")]
    [InlineData("s_\ud800")]
    public async Task An_id_that_is_no_session_name_finds_nothing(string id)
    {
        (_, TestBroker there) = await Pair();

        Assert.Null(await there.Find(TestBroker.By("alice"), id));
        Assert.False(await there.Store.RemoveAsync(TestBroker.By("alice"), id, CancellationToken.None));
    }

    [Theory]
    [InlineData("nul \0 in it")]
    [InlineData("half a \ud800 pair")]
    [InlineData("'; DROP SCHEMA enclave CASCADE; --")]
    public async Task An_owner_may_have_any_name(string owner)
    {
        (TestBroker here, TestBroker there) = await Pair();
        await here.Open(TestBroker.By(owner), TestBroker.Asks("print", "s_1"));

        Assert.Equal(3, (await TestBroker.ReadAll(await there.Get(TestBroker.By(owner), "s_1"))).Count);
        Assert.Null(await there.Find(TestBroker.By(owner + "2"), "s_1"));
    }

    [Fact]
    public async Task A_name_is_one_sessions_until_it_has_ended()
    {
        (TestBroker here, TestBroker there) = await Pair();
        ISessionView first = await here.Open(TestBroker.By("alice"), TestBroker.Asks("wait", "s_1"));

        (_, BrokerError? refusal) = await there.TryOpen(TestBroker.By("alice"), TestBroker.Asks("print", "s_1"));
        await first.CancelAsync(SessionEnd.Cancelled("enough"), CancellationToken.None);
        List<JsonElement> events = await TestBroker.ReadAll(first);
        ISessionView second = await there.Open(TestBroker.By("alice"), TestBroker.Asks("print", "s_1"));

        Assert.Equal("SESSION_EXISTS", refusal?.Code);
        Assert.Equal("enough", events.Final().GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(["session_init", "stdout", "final"], (await TestBroker.ReadAll(second)).Types());
        Assert.Equal(["session_init", "stdout", "final"], (await TestBroker.ReadAll(await here.Get(TestBroker.By("alice"), "s_1"))).Types());
        Assert.Single(await here.Store.ListAsync(TestBroker.By("alice"), CancellationToken.None));
    }

    [Fact]
    public async Task A_request_with_a_key_opens_one_session_however_often_it_comes()
    {
        (TestBroker here, TestBroker there) = await Pair();

        (ISessionView? Session, BrokerError? Refusal)[] answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(
            (i) => (i % 2 == 0 ? here : there).TryOpen(TestBroker.By("alice"), TestBroker.Asks("print", key: "order-7", digest: "same"))));
        (_, BrokerError? other) = await there.TryOpen(TestBroker.By("alice"), TestBroker.Asks("print", key: "order-7", digest: "another"));
        ISessionView bobs = await there.Open(TestBroker.By("bob"), TestBroker.Asks("print", key: "order-7", digest: "another"));

        Assert.Single(answers.Select((answer) => answer.Session!.Id).Distinct());
        Assert.All(await Task.WhenAll(answers.Select((answer) => TestBroker.ReadAll(answer.Session!))), (events) => Assert.Equal(3, events.Count));
        Assert.Equal((409, "IDEMPOTENCY_KEY_REUSED"), (other!.Status, other.Code));
        Assert.NotEqual(answers[0].Session!.Id, bobs.Id);
        Assert.Single(await here.Store.ListAsync(TestBroker.By("alice"), CancellationToken.None));
    }

    [Fact]
    public async Task An_owner_has_so_many_sessions_at_once_and_not_one_more()
    {
        BrokerOptions options = TestBroker.Options;
        options.MaxSessionsPerOwner = 5;
        (TestBroker here, TestBroker there) = await Pair(options);

        (ISessionView? Session, BrokerError? Refusal)[] answers = await Task.WhenAll(
            Enumerable.Range(0, 24).Select((i) => (i % 2 == 0 ? here : there).TryOpen(TestBroker.By("alice"), TestBroker.Asks("wait"))));
        ISessionView[] open = [.. answers.Where((answer) => answer.Session is not null).Select((answer) => answer.Session!)];
        ISessionView bobs = await there.Open(TestBroker.By("bob"), TestBroker.Asks("print"));
        await open[0].CancelAsync(SessionEnd.Cancelled(null), CancellationToken.None);
        await TestBroker.ReadAll(open[0]);
        (ISessionView? next, BrokerError? refusal) = await there.TryOpen(TestBroker.By("alice"), TestBroker.Asks("print"));

        Assert.Equal(5, open.Length);
        Assert.All(answers.Where((answer) => answer.Session is null), (answer) => Assert.Equal(
            (429, "SESSION_CREATE_ERROR"), (answer.Refusal!.Status, answer.Refusal.Code)));
        Assert.NotNull(bobs);
        Assert.True(next is not null, refusal?.Code);
    }

    [Fact]
    public async Task A_call_is_answered_once_however_many_answer_it()
    {
        (TestBroker here, TestBroker there) = await Pair();
        ISessionView session = await here.Open(TestBroker.By("alice"), TestBroker.Asks("ask", "s_1"));
        await TestBroker.Sees(session, "tool_call");
        ISessionView elsewhere = await there.Get(TestBroker.By("alice"), "s_1");
        Assert.Equal("waiting_for_tool", Info(elsewhere).GetProperty("state").GetString());

        BrokerError?[] answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(async (i) =>
            await (i % 2 == 0 ? session : elsewhere)
                .AnswerAsync(Encoding.UTF8.GetBytes($$"""{ "callId": "c_1", "result": {{i}} }"""), CancellationToken.None)));
        int result = (await TestBroker.ReadAll(elsewhere)).Final().GetProperty("result").GetInt32();
        BrokerError? late = await elsewhere.AnswerAsync("""{ "callId": "c_1", "result": 99 }"""u8.ToArray(), CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, 16).Select((i) => i == result ? null : "TOOL_RESULT_REJECTED"), answers.Select((answer) => answer?.Code));
        Assert.Equal("TOOL_RESULT_REJECTED", late?.Code);
    }

    [Theory]
    [InlineData("""{ "callId": "c_2", "result": 1 }""", "TOOL_RESULT_REJECTED")]
    [InlineData("""{ "callId": "c_\u0000", "result": 1 }""", "TOOL_RESULT_REJECTED")]
    [InlineData("""{ "result": 1 }""", "INVALID_REQUEST")]
    [InlineData("nothing", "INVALID_REQUEST")]
    public async Task A_body_that_answers_no_waiting_call_is_refused(string body, string code)
    {
        (TestBroker here, TestBroker there) = await Pair();
        await TestBroker.Sees(await here.Open(TestBroker.By("alice"), TestBroker.Asks("ask", "s_1")), "tool_call");

        Assert.Equal(code, (await (await there.Get(TestBroker.By("alice"), "s_1")).AnswerAsync(Encoding.UTF8.GetBytes(body), CancellationToken.None))?.Code);
    }

    [Fact]
    public async Task A_cancel_from_anywhere_ends_it_and_the_first_reason_holds()
    {
        (TestBroker here, TestBroker there) = await Pair();
        await here.Open(TestBroker.By("alice"), TestBroker.Asks("print wait", "s_1"));
        ISessionView elsewhere = await there.Get(TestBroker.By("alice"), "s_1");

        await elsewhere.CancelAsync(SessionEnd.Cancelled("first \0 \ud800"), CancellationToken.None);
        await elsewhere.CancelAsync(SessionEnd.Cancelled("second"), CancellationToken.None);
        List<JsonElement> events = await TestBroker.ReadAll(elsewhere);

        Assert.Equal("SESSION_CANCELLED", events.Final().ErrorCode());
        Assert.StartsWith("first", events.Final().GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("cancelled", Info(await there.Get(TestBroker.By("alice"), "s_1")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_session_that_was_removed_is_gone_and_who_reads_it_reads_to_the_end()
    {
        (TestBroker here, TestBroker there) = await Pair();
        await here.Open(TestBroker.By("alice"), TestBroker.Asks("print wait", "s_1", "key", "digest"));
        ISessionView reader = await there.Get(TestBroker.By("alice"), "s_1");
        Task<List<JsonElement>> reading = TestBroker.ReadAll(reader);

        bool removed = await there.Store.RemoveAsync(TestBroker.By("alice"), "s_1", CancellationToken.None);

        Assert.True(removed);
        Assert.Equal("SESSION_CANCELLED", (await reading).Final().ErrorCode());
        Assert.Null(await there.Find(TestBroker.By("alice"), "s_1"));
        Assert.Null(await here.Find(TestBroker.By("alice"), "s_1"));
        Assert.False(await there.Store.RemoveAsync(TestBroker.By("alice"), "s_1", CancellationToken.None));
        // The key is free again as well.
        await there.Open(TestBroker.By("alice"), TestBroker.Asks("print", "s_1", "key", "another"));
    }

    [Fact]
    public async Task Sessions_at_once_each_have_every_number_once_and_one_end()
    {
        (TestBroker here, TestBroker there) = await Pair();
        var random = new Random(20261121);
        string[] words = ["print", "tool", "print print", "ask", "wait"];
        (string Id, string Code)[] scripts = [.. Enumerable.Range(0, TestSize.Of(60, 1000)).Select(
            (i) => ($"s_{i}", string.Join(' ', Enumerable.Range(0, random.Next(12)).Select((_) => words[random.Next(words.Length)]))))];

        await Parallel.ForEachAsync(scripts, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (script, _) =>
        {
            (TestBroker owner, TestBroker other) = script.Id.GetHashCode(StringComparison.Ordinal) % 2 == 0 ? (here, there) : (there, here);
            ISessionView opened = await owner.Open(TestBroker.By("alice"), TestBroker.Asks(script.Code, script.Id));
            ISessionView elsewhere = await other.Get(TestBroker.By("alice"), script.Id);
            Task<List<JsonElement>> one = TestBroker.ReadAll(opened), two = TestBroker.ReadAll(elsewhere);
            // Answers and a cancel, from both sides, at any time.
            while (!one.IsCompleted)
            {
                for (int call = 1; call <= 12; call++) await (call % 2 == 0 ? opened : elsewhere)
                    .AnswerAsync(Encoding.UTF8.GetBytes($$"""{ "callId": "c_{{call}}", "result": "yes" }"""), CancellationToken.None);
                if (script.Code.Contains("wait", StringComparison.Ordinal)) await elsewhere.CancelAsync(SessionEnd.Cancelled("enough"), CancellationToken.None);
                // In memory nothing here waits, and the runs need the thread.
                await Task.WhenAny(one, Task.Delay(1, CancellationToken.None));
            }

            List<JsonElement> events = await one;
            Assert.Equal(events.Select((happened) => happened.GetRawText()), (await two).Select((happened) => happened.GetRawText()));
            Assert.Equal(events.Count - 1, events.Types().AsSpan().IndexOf("final"));
        });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TestBroker broker in _brokers) await broker.DisposeAsync();
        await CleanAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens two brokers on one store; the same broker twice if the store cannot be shared.</summary>
    private protected abstract Task<(TestBroker Here, TestBroker There)> OpenPairAsync(BrokerOptions options);

    private protected abstract ValueTask CleanAsync();

    private async Task<(TestBroker Here, TestBroker There)> Pair(BrokerOptions? options = null)
    {
        (TestBroker here, TestBroker there) = await OpenPairAsync(options ?? TestBroker.Options);
        _brokers.AddRange(new[] { here, there }.Distinct());
        return (here, there);
    }

    private static async Task AnswerAll(TestBroker broker, string id)
    {
        ISessionView session = await broker.Get(TestBroker.By("alice"), id);
        Assert.Null(await session.AnswerAsync("""{ "callId": "c_2", "result": "yes" }"""u8.ToArray(), CancellationToken.None));
    }

    private static JsonElement Info(ISessionView session)
    {
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output)) session.WriteInfo(writer);
        return JsonElement.Parse(output.ToArray());
    }
}
