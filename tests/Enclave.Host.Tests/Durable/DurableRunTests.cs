using System.Collections.Concurrent;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Durable;

/// <summary>Runs that are put aside, and go on: what every store has to make possible.</summary>
public abstract partial class DurableRunTests : DurableHosts
{
    [Fact]
    public async Task A_run_that_waits_gives_its_worker_back_and_goes_on_at_another_host()
    {
        EnclaveHost first = Host(), second = Host();
        const string Code = """
            const before = [Math.random(), Date.now(), await callTool('note', { text: 'a' })];
            const answer = await waitFor('approval');
            const after = await callTool('note', { text: answer });
            console.log(before[0] === Math.random());
            return { before, after };
            """;

        DurableRun waiting = await first.StartAsync(Code, Named("order-1"), Token);

        Assert.True(waiting.State == DurableRunState.Suspended, $"{waiting.Result?.Error}");
        DurableWait wait = Assert.Single(waiting.Waits);
        Assert.Equal((WaitKind.Signal, "approval", "c_2"), (wait.Kind, wait.Name, wait.CallId));
        await Within.Becomes(() => first.GetSnapshot().ActiveWorkers == 0, "its worker waited for another run");
        await second.AnswerAsync(wait.Token, "b", Token);
        DurableRun ended = await second.ResumeAsync("order-1", cancellationToken: Token);
        Assert.True(ended.Result?.Success, $"{ended.Result?.Error}");
        Assert.Equal("note b", ended.Result!.Value["after"].AsString());
        Assert.Equal("false\n", ended.Result.Stdout);
        Assert.Equal(["a", "b"], Ledger);
        DurableRun found = (await first.Runs.FindAsync("order-1", cancellationToken: Token))!;
        Assert.Equal(ended.Result.Value.ToJsonString(), found.Result!.Value.ToJsonString());
        Assert.Equal("OK", found.Outcome);
    }

    [Fact]
    public async Task A_sleep_ends_by_itself()
    {
        EnclaveHost host = Host(wakes: true);

        ExecutionResult result = await host.RunAsync(
            "const start = Date.now(); await sleep(300); return [Date.now() - start >= 300, await callTool('note', { text: 'late' })];", Named("nap"), Token);

        Assert.True(result.Success, $"{result.Error}");
        Assert.Equal("""[true,"note late"]""", result.Value.ToJsonString());
        Assert.Equal(["late"], Ledger);
    }

    [Fact]
    public async Task A_call_whose_outcome_nobody_knows_fails_and_an_idempotent_one_is_made_again()
    {
        var keys = new ConcurrentQueue<string?>();
        var called = new CountdownEvent(2);
        EnclaveHost first = Host(add: (tools) => AddStuck(tools, keys, called, Timeout.InfiniteTimeSpan));
        const string Code = """
            const outcomes = await Promise.allSettled([callTool('pay', {}), callTool('put', {})]);
            return outcomes.map((one) => one.status === 'fulfilled' ? one.value : one.reason.code);
            """;
        Task<DurableRun> running = first.StartAsync(Code, Named("payment"), Token);
        Assert.True(await Task.Run(() => called.Wait(TimeSpan.FromSeconds(30)), Token));
        await first.DisposeAsync();
        Assert.Equal(DurableRunState.Suspended, (await running).State);
        EnclaveHost second = Host(add: (tools) => AddStuck(tools, keys, new CountdownEvent(2), TimeSpan.Zero));

        DurableRun ended = await second.ResumeAsync("payment", cancellationToken: Token);

        Assert.Equal("""["TOOL_OUTCOME_UNKNOWN","done"]""", ended.Result!.Value.ToJsonString());
        Assert.Equal(3, keys.Count);
        Assert.Equal(2, keys.Distinct().Count());
    }

    [Fact]
    public async Task A_tool_may_answer_later_and_its_failure_reaches_the_script()
    {
        EnclaveHost host = Host(add: (tools) => tools.Add("ship", (ShipArgs args, ToolContext context, CancellationToken token) =>
        {
            Note($"ship {args.Id}");
            return Task.FromResult(ToolResult.Later($"parcel-{args.Id}"));
        }));
        const string Code = """
            const [one, two] = await Promise.allSettled([callTool('ship', { id: 1 }), callTool('ship', { id: 2 })]);
            return [one.value, two.reason.code, two.reason.message];
            """;
        DurableRun waiting = await host.StartAsync(Code, Named("parcels"), Token);
        Assert.Equal(["parcel-1", "parcel-2"], waiting.Waits.Select((wait) => wait.Token).Order());

        await host.AnswerAsync("parcel-2", new ToolException("lost at sea") { Code = "LOST" }, Token);
        DurableRun half = await host.ResumeAsync("parcels", cancellationToken: Token);
        Assert.Equal("parcel-1", Assert.Single(half.Waits).Token);
        await host.AnswerAsync("parcel-1", new { arrived = true }, Token);
        JournalException twice = await Assert.ThrowsAsync<JournalException>(() => host.AnswerAsync("parcel-1", 2, Token));
        DurableRun ended = await host.ResumeAsync("parcels", cancellationToken: Token);

        Assert.Equal(JournalFault.Answered, twice.Fault);
        Assert.Equal("""[{"arrived":true},"LOST","lost at sea"]""", ended.Result!.Value.ToJsonString());
        Assert.Equal(["ship 1", "ship 2"], Ledger.Order());
        Assert.Equal(JournalFault.NotFound, (await Assert.ThrowsAsync<JournalException>(() => host.AnswerAsync("parcel-1", 3, Token))).Fault);
    }

    [Fact]
    public async Task A_decision_about_a_call_may_come_later_from_another_host()
    {
        string? token = null;
        EnclaveHost Guarded() => Host(
            add: (tools) => tools.Add("wipe", (ShipArgs args, ToolContext context, CancellationToken cancel) =>
            {
                Note($"wipe {args.Id}");
                return Task.FromResult("wiped");
            }, new ToolOptions { RequiresApproval = true }),
            options: (options) => options.OnToolApproval = (request) =>
            {
                Note("asked");
                token = request.Token;
                return new(ToolApproval.Later);
            });
        EnclaveHost first = Guarded();
        const string Code = "try { return await callTool('wipe', { id: 7 }) } catch (e) { return e.code + ': ' + e.message }";
        await first.StartAsync(Code, Named("yes"), Token);
        string yes = token!;
        await first.StartAsync(Code, Named("no"), Token);
        await first.AnswerAsync(token!, "not on a Friday", Token);
        EnclaveHost second = Guarded();
        await second.AnswerAsync(yes, true, Token);

        DurableRun wiped = await second.ResumeAsync("yes", cancellationToken: Token);
        DurableRun denied = await second.ResumeAsync("no", cancellationToken: Token);

        Assert.Equal("wiped", wiped.Result!.Value.AsString());
        Assert.Equal("TOOL_APPROVAL_DENIED: wipe was not approved: not on a Friday", denied.Result!.Value.AsString());
        Assert.Equal(["asked", "asked", "wipe 7"], Ledger);
    }

    [Fact]
    public async Task A_run_may_start_over_with_a_state()
    {
        EnclaveHost host = Host(wakes: true);
        const string Code = """
            const { round } = args;
            await callTool('note', { text: `round ${round}` });
            if (round === 3) return 'done after ' + round;
            return continueWith({ round: round + 1 });
            """;

        ExecutionResult result = await host.RunAsync(
            Code, Named("rounds") with { Globals = new Dictionary<string, object?> { ["args"] = new { round = 1 } } }, Token);

        Assert.Equal("done after 3", result.Value.AsString());
        Assert.Equal(["round 1", "round 2", "round 3"], Ledger);
        DurableRun run = (await host.Runs.FindAsync("rounds", cancellationToken: Token))!;
        Assert.Equal(2, (await host.Runs.HistoryAsync("rounds", cancellationToken: Token)).Count);
        Assert.Equal(4, run.Entries - 1);
    }

    [Fact]
    public async Task A_second_start_gives_the_run_that_is_there_and_another_script_is_refused()
    {
        EnclaveHost host = Host();
        DurableRun first = await host.StartAsync("await waitFor('x'); return 1", Named("once"), Token);
        DurableRun again = await host.StartAsync("await waitFor('x'); return 1", Named("once"), Token);

        Assert.Equal(first.Created, again.Created);
        JournalException taken = await Assert.ThrowsAsync<JournalException>(() => host.StartAsync("return 2", Named("once"), Token));
        Assert.Equal(JournalFault.NameTaken, taken.Fault);
        DurableRun other = await host.StartAsync("return 2", Named("once") with { Tenant = "other" }, Token);
        Assert.Equal(2, other.Result!.Value.AsInt32());
        Assert.True(await host.Runs.CancelAsync("once", cancellationToken: Token));
        Assert.Equal("CANCELLED", (await host.Runs.FindAsync("once", cancellationToken: Token))!.Outcome);
        Assert.True(await host.Runs.DeleteAsync("once", cancellationToken: Token));
        Assert.Null(await host.Runs.FindAsync("once", cancellationToken: Token));
    }

    [Fact]
    public async Task The_globals_of_durable_runs_fail_in_others_and_say_why()
    {
        EnclaveHost host = Host(options: (options) => options.Validate = false);

        ExecutionResult result = await host.RunAsync("try { await waitFor('x') } catch (e) { return [e.code, e.message] }", cancellationToken: Token);

        Assert.Equal("TOOL_NOT_DURABLE", result.Value[0].AsString());
        Assert.Contains("RunOptions.Durable", result.Value[1].AsString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenant_has_only_so_many_runs()
    {
        EnclaveHost host = Host(options: (options) => options.Durable!.MaxRunsPerTenant = 2);
        await host.StartAsync("await waitFor('x')", Named("a"), Token);
        await host.StartAsync("return 1", Named("b"), Token);

        JournalException full = await Assert.ThrowsAsync<JournalException>(() => host.StartAsync("return 1", Named("c"), Token));

        Assert.Equal(JournalFault.Full, full.Fault);
        Assert.Equal(1, (await host.StartAsync("return 1", Named("b"), Token)).Result!.Value.AsInt32());
        Assert.Equal(DurableRunState.Ended, (await host.StartAsync("return 1", Named("c") with { Tenant = "other" }, Token)).State);
    }

    [Fact]
    public async Task A_token_that_another_call_waits_for_is_refused()
    {
        EnclaveHost host = Host(add: (tools) => tools.Add(
            "ship", (ShipArgs args, ToolContext context, CancellationToken token) => Task.FromResult(ToolResult.Later("same"))));

        await host.StartAsync("return await callTool('ship', { id: 1 })", Named("first") with { Tenant = "a" }, Token);
        DurableRun second = await host.StartAsync(
            "try { return await callTool('ship', { id: 2 }) } catch (e) { return e.code }", Named("second") with { Tenant = "b" }, Token);
        await host.AnswerAsync("same", 5, Token);
        DurableRun first = await host.ResumeAsync("first", new RunOptions { Tenant = "a" }, Token);

        Assert.Equal("TOOL_RESULT_INVALID", second.Result!.Value.AsString());
        Assert.Equal(5, first.Result!.Value.AsInt32());
    }

    [Fact]
    public async Task A_journal_that_is_full_ends_the_run_and_calls_nothing_more()
    {
        EnclaveHost host = Host(options: (options) => options.Durable!.MaxRunBytes = 64 << 10);

        DurableRun run = await host.StartAsync(
            "for (let i = 0; i < 90; i++) await callTool('note', { text: String(i).repeat(1000) })", Named("long"), Token);

        Assert.Equal("OUTPUT_LIMIT", run.Outcome);
        Assert.Equal("journal", run.Result!.Error!.Data!["reason"]);
        Assert.InRange(Ledger.Count(), 10, 40);
        Assert.Equal("OUTPUT_LIMIT", (await host.Runs.FindAsync("long", cancellationToken: Token))!.Result!.Error!.Code.ToCode());
    }

    [Fact]
    public async Task A_call_that_waits_for_its_approval_is_not_made_without_it_whatever_the_options_are_today()
    {
        void Add(ToolCollection tools, bool asks) => tools.Add("wipe", (ShipArgs args, ToolContext context, CancellationToken cancel) =>
        {
            Note($"wipe {args.Id}");
            return Task.FromResult("wiped");
        }, new ToolOptions { RequiresApproval = asks });
        EnclaveHost asks = Host(add: (tools) => Add(tools, true), options: (options) => options.OnToolApproval = (_) => new(ToolApproval.Later));
        EnclaveHost trusts = Host(add: (tools) => Add(tools, false));
        DurableRun waiting = await asks.StartAsync("return await callTool('wipe', { id: 7 })", Named("wipe"), Token);

        DurableRun still = await trusts.ResumeAsync("wipe", cancellationToken: Token);
        Assert.Equal(waiting.Waits[0].Token, Assert.Single(still.Waits).Token);
        Assert.Empty(Ledger);
        await trusts.AnswerAsync(waiting.Waits[0].Token, true, Token);

        Assert.Equal("wiped", (await trusts.ResumeAsync("wipe", cancellationToken: Token)).Result!.Value.AsString());
        Assert.Equal(["wipe 7"], Ledger);
    }

    [Fact]
    public async Task Answers_before_the_end_of_a_wait_count_and_limits_count_over_all_parts()
    {
        int made = 0;
        EnclaveHost host = Host(add: (tools) => tools.Add(
            "ship", (ShipArgs args, ToolContext context, CancellationToken token) =>
            {
                Interlocked.Increment(ref made);
                return Task.FromResult(ToolResult.Later($"{context.RunId}-{args.Id}", TimeSpan.FromHours(1.23456789)));
            }, new ToolOptions { MaxCalls = 2 }));
        const string Code = """
            const first = callTool('ship', { id: 1 }), second = callTool('ship', { id: 2 });
            const seen = [await first];
            try { await callTool('ship', { id: 3 }) } catch (e) { seen.push(e.code) }
            seen.push(await second);
            return seen;
            """;
        DurableRun waiting = await host.StartAsync(Code, Named("ships"), Token);
        await host.AnswerAsync(waiting.Waits.Single((wait) => wait.CallId == "c_1").Token, "one", Token);
        await host.ResumeAsync("ships", cancellationToken: Token);
        await host.AnswerAsync(waiting.Waits.Single((wait) => wait.CallId == "c_2").Token, "two", Token);

        DurableRun ended = await host.ResumeAsync("ships", cancellationToken: Token);

        Assert.Equal("""["one","TOOL_MAX_CALLS","two"]""", ended.Result!.Value.ToJsonString());
        Assert.Equal(2, made);
    }

    [Fact]
    public async Task A_run_that_somebody_waits_for_keeps_its_own_tools()
    {
        EnclaveHost host = Host(wakes: true);
        for (int i = 0; i < 5; i++)
        {
            var own = new ToolCollection().Add("own", (int n) => n * 2);

            RunOptions options = Named($"own-{i}") with { Tools = own };
            ExecutionResult result = await host.RunAsync("await sleep(60); return await callTool('own', { n: 21 })", options, Token);

            Assert.True(result.Success, $"{result.Error}");
            Assert.Equal(42, result.Value.AsInt32());
        }
    }

    [Fact]
    public async Task A_run_of_another_level_is_refused_but_can_be_ended()
    {
        DurableRun waiting = await Host().StartAsync("await waitFor('x')", Named("level"), Token);
        EnclaveHost other = Host(options: (options) => options.SecurityLevel = SecurityLevel.Permissive);

        JournalException refused = await Assert.ThrowsAsync<JournalException>(() => other.ResumeAsync("level", cancellationToken: Token));
        bool isCancelled = await other.Runs.CancelAsync("level", cancellationToken: Token);

        Assert.Equal(DurableRunState.Suspended, waiting.State);
        Assert.Contains("started at Standard", refused.Message, StringComparison.Ordinal);
        Assert.True(isCancelled);
        Assert.True(await other.Runs.DeleteAsync("level", cancellationToken: Token));
    }

    [Fact]
    public async Task Eight_hosts_that_resume_one_run_do_it_once()
    {
        EnclaveHost[] hosts = [.. Enumerable.Range(0, 4).Select((_) => Host())];
        for (int round = 0; round < 5; round++)
        {
            string name = $"race-{round}";
            DurableRun waiting = await hosts[0].StartAsync("const x = await waitFor('go'); await callTool('note', { text: x }); return x;", Named(name), Token);
            await hosts[1].AnswerAsync(waiting.Waits[0].Token, name, Token);

            Task<DurableRun>[] tries = [.. hosts.Concat(hosts).Select((host) => Task.Run(() => host.ResumeAsync(name, cancellationToken: Token)))];
            await Task.WhenAll(tries).ContinueWith((_) => { }, TaskScheduler.Default);

            Assert.All(tries, (one) => Assert.True(
                one.IsCompletedSuccessfully || one.Exception!.InnerException is JournalException { Fault: JournalFault.Busy }, $"{one.Exception}"));
            Assert.Single(Ledger, (text) => text == name);
            Assert.Equal("OK", (await hosts[3].Runs.FindAsync(name, cancellationToken: Token))!.Outcome);
        }
    }

    [Fact]
    public async Task The_history_tells_what_happened_and_when()
    {
        EnclaveHost host = Host();
        DateTimeOffset before = TimeProvider.System.GetUtcNow().AddMilliseconds(-1);
        await host.StartAsync("console.log('one'); await callTool('note', { text: 'two' }); console.log('three'); return 4", Named("told"), Token);
        DateTimeOffset after = TimeProvider.System.GetUtcNow();

        IReadOnlyList<ExecutionEvent> history = await host.Runs.HistoryAsync("told", cancellationToken: Token);

        Assert.Equal([1L, 2, 3, 4], history.Select((one) => one.Sequence));
        Assert.Equal(["one", "three"], history.OfType<ConsoleEvent>().Select((line) => line.Text));
        Assert.Equal("note", Assert.Single(history.OfType<ToolCallEvent>()).Name);
        ToolResultEvent answer = Assert.Single(history.OfType<ToolResultEvent>());
        Assert.Equal(("note", "note two"), (answer.Name, answer.Value.AsString()));
        Assert.InRange(answer.Elapsed, TimeSpan.Zero, after - before);
        Assert.All(history, (one) => Assert.InRange(one.Time, before, after));
    }

    [Fact]
    public async Task A_tool_with_another_schema_is_told_of_once_and_the_run_goes_on()
    {
        const string Code = "const one = await waitFor('a'), two = await waitFor('b'); return [one, two, await callTool('ship', { id: 1 }), 'note'];";
        EnclaveHost then = Host(add: (tools) => tools.Add("ship", (int id) => $"shipped {id}"));
        DurableRun waiting = await then.StartAsync(Code, Named("schemas"), Token);
        EnclaveHost now = Host(add: (tools) => tools.Add("ship", (int id, bool express = false) => $"shipped {id}"));
        await now.AnswerAsync(waiting.Waits[0].Token, 1, Token);
        waiting = await now.ResumeAsync("schemas", cancellationToken: Token);
        await now.AnswerAsync(waiting.Waits[0].Token, 2, Token);

        DurableRun ended = await now.ResumeAsync("schemas", cancellationToken: Token);

        Assert.Equal("""[1,2,"shipped 1","note"]""", ended.Result!.Value.ToJsonString());
        NoticeEvent notice = Assert.Single((await now.Runs.HistoryAsync("schemas", cancellationToken: Token)).OfType<NoticeEvent>());
        Assert.Equal((NoticeKind.ToolChanged, "ship", null), (notice.Kind, notice.Name, notice.CallId));
        Assert.Contains("\"type\":\"notice\",\"kind\":\"toolChanged\",\"name\":\"ship\"", notice.ToJsonString(), StringComparison.Ordinal);
    }

    private static void AddStuck(ToolCollection tools, ConcurrentQueue<string?> keys, CountdownEvent called, TimeSpan delay)
    {
        foreach (string name in new[] { "pay", "put" })
        {
            tools.Add(name, async (object args, ToolContext context, CancellationToken token) =>
            {
                keys.Enqueue(context.IdempotencyKey);
                called.Signal();
                await Task.Delay(delay, token);
                return "done";
            }, new ToolOptions { Idempotent = name == "put" });
        }
    }
}
