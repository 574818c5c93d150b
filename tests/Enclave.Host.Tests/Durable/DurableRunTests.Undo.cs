using System.Collections.Concurrent;

namespace Enclave.Host.Tests.Durable;

/// <content>Compensations.</content>
public abstract partial class DurableRunTests
{
    private static readonly TimeSpan s_tool = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_run_that_fails_undoes_its_calls_and_the_last_one_first()
    {
        var keys = new ConcurrentQueue<string?>();
        EnclaveHost host = Host(add: (tools) => AddBuy(tools, keys: keys));
        const string Code = """
            await callTool('buy', { what: 'a' });
            await callTool('note', { text: 'b' });
            try { await callTool('buy', { what: 'nothing' }) } catch { }
            await callTool('buy', { what: 'c' });
            if (args.fails) throw new Error('oh');
            return 'done';
            """;
        static RunOptions Fails(string name, bool fails) =>
            Named(name) with { Globals = new Dictionary<string, object?> { ["args"] = new { fails } } };
        DurableRun done = await host.StartAsync(Code, Fails("done", false), Token);
        Assert.Equal("done", done.Result!.Value.AsString());
        Assert.Equal(["buy a", "b", "buy c"], Ledger);

        DurableRun failed = await host.StartAsync(Code, Fails("failed", true), Token);

        Assert.Equal((DurableRunState.Ended, "RUNTIME_ERROR", "oh"), (failed.State, failed.Outcome, failed.Result!.Error!.Message));
        Assert.Equal(["buy a", "b", "buy c", "undo c of bought c", "undo a of bought a"], Ledger.Skip(3));
        NoticeEvent[] notices = [.. (await host.Runs.HistoryAsync("failed", cancellationToken: Token)).OfType<NoticeEvent>()];
        Assert.Equal(
            [("c_4", NoticeKind.Compensating), ("c_4", NoticeKind.Compensated), ("c_1", NoticeKind.Compensating), ("c_1", NoticeKind.Compensated)],
            notices.Select((notice) => (notice.CallId!, notice.Kind)));
        // A key for each call, and one for each compensation.
        Assert.Equal(6, keys.Distinct().Count());
        Assert.DoesNotContain(null, keys);
        Assert.Equal("RUNTIME_ERROR", (await Host().Runs.FindAsync("failed", cancellationToken: Token))!.Result!.Error!.Code.ToCode());
    }

    [Fact]
    public async Task A_run_that_another_host_cancels_is_undone_by_the_host_with_the_tools()
    {
        EnclaveHost tools = Host(wakes: true, add: (tools) => AddBuy(tools)), other = Host();
        DurableRun waiting = await tools.StartAsync("await callTool('buy', { what: 'a' }); await waitFor('x')", Named("cart"), Token);
        await tools.DisposeAsync();

        bool isCancelled = await other.Runs.CancelAsync("cart", cancellationToken: Token);

        Assert.True(isCancelled);
        DurableRun seen = (await other.Runs.FindAsync("cart", cancellationToken: Token))!;
        Assert.Equal((DurableRunState.Compensating, "CANCELLED", null), (seen.State, seen.Outcome, seen.Result));
        Assert.Empty(seen.Waits);
        Assert.Single(await other.Runs.ListAsync(new RunQuery { State = DurableRunState.Compensating }, Token));
        Assert.Equal(["buy a"], Ledger);
        await Assert.ThrowsAsync<JournalException>(() => other.AnswerAsync(waiting.Waits[0].Token, 1, Token));
        Assert.False(await other.Runs.DeleteAsync("cart", cancellationToken: Token));
        EnclaveHost later = Host(wakes: true, add: (tools) => AddBuy(tools));
        DurableRun ended = await later.Runs.WaitAsync("cart", cancellationToken: Token);
        Assert.Equal((DurableRunState.Ended, "CANCELLED"), (ended.State, ended.Outcome));
        Assert.Equal(["buy a", "undo a of bought a"], Ledger);
    }

    [Fact]
    public async Task A_compensation_that_fails_or_does_not_end_is_told_and_the_others_are_made()
    {
        EnclaveHost host = Host(add: (tools) => AddBuy(tools, (what) => what switch
        {
            "b" => throw new ToolException("sold out") { Code = "SOLD_OUT" },
            "c" => throw new InvalidOperationException("secret"),
            "d" => Task.Delay(Timeout.Infinite, CancellationToken.None),
            _ => Task.CompletedTask,
        }));
        const string Code = "for (const what of ['a', 'b', 'c', 'd']) await callTool('buy', { what }); throw new Error('oh')";

        DurableRun failed = await host.StartAsync(Code, Named("failed"), Token);

        Assert.Equal("RUNTIME_ERROR", failed.Outcome);
        Assert.Equal(["undo d of bought d", "undo c of bought c", "undo b of bought b", "undo a of bought a"], Ledger.Skip(4));
        NoticeEvent[] told = [.. (await host.Runs.HistoryAsync("failed", cancellationToken: Token)).OfType<NoticeEvent>()
            .Where((notice) => notice.Kind != NoticeKind.Compensating)];
        Assert.Equal(
            [NoticeKind.CompensationFailed, NoticeKind.CompensationFailed, NoticeKind.CompensationFailed, NoticeKind.Compensated],
            told.Select((notice) => notice.Kind));
        Assert.StartsWith("TOOL_TIMEOUT: ", told[0].Message, StringComparison.Ordinal);
        Assert.Equal("TOOL_FAILED: buy failed", told[1].Message);
        Assert.Equal("SOLD_OUT: sold out", told[2].Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_host_that_ends_in_the_middle_leaves_the_rest_to_another(bool isIdempotent)
    {
        var keys = new ConcurrentQueue<string?>();
        var stuck = new TaskCompletionSource();
        EnclaveHost first = Host(add: (tools) => AddBuy(tools, (what) =>
        {
            if (what != "b") return Task.CompletedTask;
            stuck.SetResult();
            return Task.Delay(Timeout.Infinite, CancellationToken.None);
        }, keys, isIdempotent, TimeSpan.FromHours(1)));
        const string Code = "for (const what of ['a', 'b', 'c']) await callTool('buy', { what }); throw new Error('oh')";
        Task<DurableRun> running = first.StartAsync(Code, Named("failed"), Token);
        await stuck.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(DurableRunState.Compensating, (await first.Runs.FindAsync("failed", cancellationToken: Token))!.State);
        await first.DisposeAsync();
        Assert.Equal(DurableRunState.Compensating, (await running).State);
        string?[] made = [.. keys];
        EnclaveHost second = Host(add: (tools) => AddBuy(tools, keys: keys, isIdempotent: isIdempotent));

        DurableRun ended = await second.ResumeAsync("failed", cancellationToken: Token);

        Assert.Equal((DurableRunState.Ended, "RUNTIME_ERROR"), (ended.State, ended.Outcome));
        NoticeEvent[] told = [.. (await second.Runs.HistoryAsync("failed", cancellationToken: Token)).OfType<NoticeEvent>()];
        Assert.Equal(["c_3", "c_3", "c_2", "c_2", "c_1", "c_1"], told.Select((notice) => notice.CallId));
        Assert.Equal(isIdempotent ? NoticeKind.Compensated : NoticeKind.CompensationUnknown, told[3].Kind);
        string[] undone = ["undo c of bought c", "undo b of bought b", .. isIdempotent ? new[] { "undo b of bought b" } : [], "undo a of bought a"];
        Assert.Equal(undone, Ledger.Skip(3));
        // A compensation that is made again has the same key.
        Assert.Equal(isIdempotent, keys.Skip(made.Length).Contains(made[^1]));
    }

    [Fact]
    public async Task A_fork_keeps_nothing_that_was_undone_and_undoes_nothing_that_it_did_not_do()
    {
        EnclaveHost host = Host(add: (tools) => AddBuy(tools));
        const string Code = "await callTool('note', { text: 'n' }); await callTool('buy', { what: 'a' });";
        await host.StartAsync($"{Code} throw new Error('oh')", Named("failed"), Token);
        await host.StartAsync($"{Code} return 'fine'", Named("fine"), Token);

        ForkPreview preview = await host.Runs.PreviewForkAsync("failed", new ForkOptions { Name = "fork" }, cancellationToken: Token);
        JournalException refused = await Assert.ThrowsAsync<JournalException>(
            () => host.Runs.ForkAsync("failed", new ForkOptions { Name = "fork", At = 4 }, cancellationToken: Token));
        DurableRun forked = await host.Runs.ForkAsync(
            "fine", new ForkOptions { Name = "worse", Code = $"{Code} throw new Error('oh')" }, cancellationToken: Token);

        Assert.Equal((2, "buy"), (preview.Kept, preview.Next!.Name));
        Assert.Equal(JournalFault.NotRepeated, refused.Fault);
        Assert.Equal("RUNTIME_ERROR", forked.Outcome);
        Assert.Equal(["n", "buy a", "undo a of bought a", "n", "buy a"], Ledger);
    }

    /// <summary>Adds a tool whose calls can be undone. It notes both, and has nothing to sell.</summary>
    private void AddBuy(
        ToolCollection tools, Func<string, Task>? undo = null, ConcurrentQueue<string?>? keys = null, bool isIdempotent = false, TimeSpan? time = null) =>
        tools.Add("buy", (string what, ToolContext context) =>
        {
            if (what == "nothing") throw new ToolException("there is nothing");
            keys?.Enqueue(context.IdempotencyKey);
            Note($"buy {what}");
            return $"bought {what}";
        }, new ToolOptions
        {
            Idempotent = isIdempotent,
            Timeout = time ?? s_tool,
            Compensate = (args, answer, context) =>
            {
                keys?.Enqueue(context.IdempotencyKey);
                Note($"undo {args["what"].AsString()} of {answer.AsString()}");
                return undo?.Invoke(args["what"].AsString()) ?? Task.CompletedTask;
            },
        });
}
