using System.Collections.Concurrent;

namespace Enclave.Host.Tests.Durable;

/// <content>Forks.</content>
public abstract partial class DurableRunTests
{
    private const string Two = "const a = await callTool('note', { text: 'a' }); const b = await callTool('note', { text: 'b' });";

    [Fact]
    public async Task A_fork_keeps_what_happened_and_goes_on_with_a_corrected_script()
    {
        EnclaveHost host = Host();
        DurableRun failed = await host.StartAsync($"{Two} console.log(b); throw new Error('oh');", Named("first"), Token);
        var fork = new ForkOptions { Name = "second", Code = $"{Two} console.log(b); return [a, await callTool('note', {{ text: 'c' }})];" };

        ForkPreview preview = await host.Runs.PreviewForkAsync("first", fork, cancellationToken: Token);

        Assert.Equal(["a", "b"], Ledger);
        Assert.Null(await host.Runs.FindAsync("second", cancellationToken: Token));
        Assert.Equal((5, null, null), (preview.Kept, preview.Difference, preview.Result));
        Assert.Empty(preview.Repeated);
        Assert.Equal(("c_3", "note", """{"text":"c"}"""), (preview.Next!.CallId, preview.Next.Name, preview.Next.Args.ToJsonString()));
        DurableRun forked = await Host().Runs.ForkAsync("first", fork, cancellationToken: Token);
        Assert.Equal("""["note a","note c"]""", forked.Result?.Value.ToJsonString());
        Assert.Equal("note b\n", forked.Result!.Stdout);
        Assert.Equal(["a", "b", "c"], Ledger);
        IReadOnlyList<ExecutionEvent> history = await host.Runs.HistoryAsync("second", cancellationToken: Token);
        NoticeEvent notice = Assert.IsType<NoticeEvent>(history[5]);
        Assert.Equal((NoticeKind.Forked, "first"), (notice.Kind, notice.Name));
        Assert.NotEqual(failed.Result!.RunId, forked.Result.RunId);
        Assert.Equal("RUNTIME_ERROR", (await host.Runs.FindAsync("first", cancellationToken: Token))!.Outcome);
        // A caller that does not know whether its first request came through may repeat it.
        Assert.Equal(forked.Created, (await host.Runs.ForkAsync("first", fork, cancellationToken: Token)).Created);
        Assert.Equal(["a", "b", "c"], Ledger);
        JournalException taken = await Assert.ThrowsAsync<JournalException>(
            () => host.Runs.ForkAsync("first", fork with { At = 2 }, cancellationToken: Token));
        Assert.Equal(JournalFault.NameTaken, taken.Fault);
    }

    [Fact]
    public async Task A_fork_ends_its_copy_before_the_first_difference_and_says_what_is_called_again()
    {
        EnclaveHost host = Host();
        await host.StartAsync($"{Two} return 1;", Named("first"), Token);
        var fork = new ForkOptions { Name = "second", Code = Two.Replace("'b'", "'B'", StringComparison.Ordinal) + " return [a, b];" };

        ForkPreview preview = await host.Runs.PreviewForkAsync("first", fork, cancellationToken: Token);
        JournalException refused = await Assert.ThrowsAsync<JournalException>(
            () => host.Runs.ForkAsync("first", fork with { At = 3 }, cancellationToken: Token));

        Assert.Equal((2, 2, "$.text"), (preview.Kept, preview.Difference!.Number, preview.Difference.Path));
        Assert.Equal("""{"text":"b"}""", Assert.Single(preview.Repeated).Args.ToJsonString());
        Assert.Equal("""{"text":"B"}""", preview.Next!.Args.ToJsonString());
        Assert.Equal(JournalFault.NotRepeated, refused.Fault);
        Assert.Contains("tool call 2", refused.Message, StringComparison.Ordinal);
        Assert.Null(await host.Runs.FindAsync("second", cancellationToken: Token));
        Assert.Equal(["a", "b"], Ledger);
        Assert.Equal("""["note a","note B"]""", (await host.Runs.ForkAsync("first", fork, cancellationToken: Token)).Result!.Value.ToJsonString());
        Assert.Equal(["a", "b", "B"], Ledger);
        // From the start: everything is called again.
        ForkPreview anew = await host.Runs.PreviewForkAsync("first", new ForkOptions { Name = "third", At = 0 }, cancellationToken: Token);
        Assert.Equal((0, 2, "c_1"), (anew.Kept, anew.Repeated.Count, anew.Next!.CallId));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => host.Runs.PreviewForkAsync("first", new ForkOptions { Name = "third", At = 5 }, cancellationToken: Token));
    }

    [Fact]
    public async Task A_fork_may_correct_an_answer()
    {
        EnclaveHost host = Host();
        const string Code = """
            const answer = await callTool('note', { text: 'ask' });
            if (answer !== 'yes') return 'no';
            return await callTool('note', { text: 'do' });
            """;
        await host.StartAsync(Code, Named("first"), Token);
        var fork = new ForkOptions { Name = "second", Answers = new Dictionary<string, object?> { ["c_1"] = "yes" } };
        var fails = new ForkOptions { Name = "third", Answers = new Dictionary<string, object?> { ["c_1"] = new ToolException("gone") { Code = "GONE" } } };

        ForkPreview preview = await host.Runs.PreviewForkAsync("first", fork, cancellationToken: Token);
        ForkPreview failing = await host.Runs.PreviewForkAsync("first", fails, cancellationToken: Token);
        DurableRun forked = await host.Runs.ForkAsync("first", fork, cancellationToken: Token);

        Assert.Equal("c_2", preview.Next!.CallId);
        Assert.Equal((ErrorCode.ToolError, null), (failing.Result!.Error!.Code, failing.Next));
        Assert.Equal("note do", forked.Result!.Value.AsString());
        Assert.Equal(["ask", "do"], Ledger);
        var unknown = new ForkOptions { Name = "fourth", Answers = new Dictionary<string, object?> { ["c_9"] = 1 } };
        JournalException missing = await Assert.ThrowsAsync<JournalException>(() => host.Runs.ForkAsync("first", unknown, cancellationToken: Token));
        Assert.Equal(JournalFault.NotRepeated, missing.Fault);
        var malformed = new ForkOptions { Name = "fourth", Answers = new Dictionary<string, object?> { ["nine"] = 1 } };
        await Assert.ThrowsAsync<ArgumentException>(() => host.Runs.ForkAsync("first", malformed, cancellationToken: Token));
    }

    [Fact]
    public async Task A_fork_of_a_run_that_waits_has_waits_of_its_own()
    {
        EnclaveHost host = Host(add: (tools) => tools.Add(
            "ship", (ShipArgs args, ToolContext context, CancellationToken token) => Task.FromResult(ToolResult.Later("parcel"))));
        const string Code = """
            const ship = callTool('ship', { id: 1 }).catch((e) => e.code), nap = sleep('3d').then(() => 'late');
            return [await waitFor('go'), await Promise.race([ship, nap])];
            """;
        DurableRun first = await host.StartAsync(Code, Named("first"), Token);
        string go = first.Waits.Single((wait) => wait.Kind == WaitKind.Signal).Token;

        DurableRun forked = await host.Runs.ForkAsync("first", new ForkOptions { Name = "second" }, cancellationToken: Token);

        string own = forked.Waits.Single((wait) => wait.Kind == WaitKind.Signal).Token;
        Assert.NotEqual(go, own);
        Assert.Equal(first.Waits.Single((wait) => wait.Kind == WaitKind.Time).Until, forked.Waits.Single((wait) => wait.Kind == WaitKind.Time).Until);
        Assert.DoesNotContain(forked.Waits, (wait) => wait.Kind == WaitKind.Tool);
        EnclaveHost other = Host();
        await other.AnswerAsync(own, "mine", Token);
        // Nobody can tell the fork what became of the parcel.
        Assert.Equal("""["mine","TOOL_OUTCOME_UNKNOWN"]""", (await other.ResumeAsync("second", cancellationToken: Token)).Result!.Value.ToJsonString());
        await other.AnswerAsync("parcel", "arrived", Token);
        await other.AnswerAsync(go, "yours", Token);
        Assert.Equal("""["yours","arrived"]""", (await other.ResumeAsync("first", cancellationToken: Token)).Result!.Value.ToJsonString());
    }

    [Fact]
    public async Task A_fork_of_a_run_that_another_host_has_tells_unknown_outcomes_and_has_keys_of_its_own()
    {
        var keys = new ConcurrentQueue<string?>();
        var called = new CountdownEvent(2);
        EnclaveHost first = Host(add: (tools) => AddStuck(tools, keys, called, Timeout.InfiniteTimeSpan));
        const string Code = """
            await callTool('note', { text: 'a' });
            const outcomes = await Promise.allSettled([callTool('pay', {}), callTool('put', {})]);
            return outcomes.map((one) => one.status === 'fulfilled' ? one.value : one.reason.code);
            """;
        Task<DurableRun> running = first.StartAsync(Code, Named("first"), Token);
        Assert.True(await Task.Run(() => called.Wait(TimeSpan.FromSeconds(30)), Token));
        EnclaveHost second = Host(add: (tools) => AddStuck(tools, keys, new CountdownEvent(2), TimeSpan.Zero));
        var known = new ForkOptions { Name = "known", Answers = new Dictionary<string, object?> { ["c_2"] = "paid" } };

        ForkPreview preview = await second.Runs.PreviewForkAsync("first", new ForkOptions { Name = "second" }, cancellationToken: Token);
        DurableRun forked = await second.Runs.ForkAsync("first", new ForkOptions { Name = "second" }, cancellationToken: Token);
        DurableRun informed = await second.Runs.ForkAsync("first", known, cancellationToken: Token);

        Assert.Equal("put", preview.Next!.Name);
        Assert.Equal("""["TOOL_OUTCOME_UNKNOWN","done"]""", forked.Result!.Value.ToJsonString());
        Assert.Equal("""["paid","done"]""", informed.Result!.Value.ToJsonString());
        Assert.Equal(4, keys.Distinct().Count());
        Assert.Equal(["a"], Ledger);
        Assert.False(running.IsCompleted);
    }

    [Fact]
    public async Task Forks_belong_to_the_tenant_and_count()
    {
        EnclaveHost host = Host(options: (options) => options.Durable!.MaxRunsPerTenant = 2);
        var acme = new RunOptions { Tenant = "acme" };
        await host.StartAsync("return await callTool('note', { text: 'a' })", Named("first") with { Tenant = "acme" }, Token);

        DurableRun forked = await host.Runs.ForkAsync("first", new ForkOptions { Name = "second" }, acme, Token);
        JournalException full = await Assert.ThrowsAsync<JournalException>(() => host.Runs.ForkAsync("first", new ForkOptions { Name = "third" }, acme, Token));
        JournalException other = await Assert.ThrowsAsync<JournalException>(
            () => host.Runs.ForkAsync("first", new ForkOptions { Name = "third" }, cancellationToken: Token));
        JournalException refused = await Assert.ThrowsAsync<JournalException>(
            () => host.Runs.ForkAsync("first", new ForkOptions { Name = "third", Code = "eval('1')" }, acme, Token));

        Assert.Equal(("acme", "note a"), (forked.Tenant, forked.Result!.Value.AsString()));
        Assert.Equal(
            (JournalFault.Full, JournalFault.NotFound, JournalFault.NotRepeated), (full.Fault, other.Fault, refused.Fault));
        Assert.Contains("NO_EVAL", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["a"], Ledger);
    }
}
