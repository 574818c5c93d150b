namespace Enclave.Host.Tests.Durable;

/// <content>Runs that are refused can be removed.</content>
public abstract partial class DurableRunTests
{
    [Fact]
    public async Task A_run_whose_journal_is_refused_can_be_removed_and_nothing_of_it_runs()
    {
        EnclaveHost host = Host(add: (tools) => AddBuy(tools), options: (options) => options.Durable!.MaxRunsPerTenant = 1);
        DurableRun waiting = await host.StartAsync("await callTool('buy', { what: 'a' }); await waitFor('x')", Named("cart"), Token);
        EnclaveHost stranger = Host(wakes: true, add: (tools) => AddBuy(tools), options: (options) => options.Durable!.Keys = [new byte[32]]);
        Assert.False(await host.Runs.DeleteAsync("cart", cancellationToken: Token));
        JournalException refused = await Assert.ThrowsAsync<JournalException>(() => stranger.Runs.CancelAsync("cart", cancellationToken: Token));

        bool isRemoved = await stranger.Runs.DeleteAsync("cart", cancellationToken: Token);

        Assert.Equal(JournalFault.Refused, refused.Fault);
        Assert.True(isRemoved);
        Assert.Null(await host.Runs.FindAsync("cart", cancellationToken: Token));
        Assert.Equal(JournalFault.NotFound, (await Assert.ThrowsAsync<JournalException>(() => host.AnswerAsync(waiting.Waits[0].Token, 1, Token))).Fault);
        Assert.False(await stranger.Runs.DeleteAsync("cart", cancellationToken: Token));
        Assert.Equal(["buy a"], Ledger);
        // What was removed makes room, and its name is free.
        Assert.Equal("OK", (await host.StartAsync("return 1", Named("cart"), Token)).Outcome);
    }
}
