namespace Enclave.Host.Tests.Durable;

/// <content>Hosts that cannot read a run neither answer nor remove it.</content>
public abstract partial class DurableRunTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_host_with_another_key_or_without_one_neither_answers_nor_removes_a_run(bool isSealed, bool hasKey)
    {
        byte[] own = [.. Enumerable.Repeat((byte)9, 32)];
        EnclaveHost host = Host(add: (tools) => AddBuy(tools), options: (options) => options.Durable!.Keys = isSealed ? [own] : []);
        DurableRun waiting = await host.StartAsync("await callTool('buy', { what: 'a' }); return await waitFor('x')", Named("cart"), Token);
        EnclaveHost stranger = Host(add: (tools) => AddBuy(tools), options: (options) => options.Durable!.Keys = hasKey ? [new byte[32]] : []);
        string token = waiting.Waits[0].Token;

        JournalException[] refused =
        [
            await Assert.ThrowsAsync<JournalException>(() => stranger.AnswerAsync(token, "wrong", Token)),
            await Assert.ThrowsAsync<JournalException>(() => stranger.Runs.CancelAsync("cart", cancellationToken: Token)),
            await Assert.ThrowsAsync<JournalException>(() => stranger.Runs.DeleteAsync("cart", cancellationToken: Token)),
        ];

        Assert.All(refused, (one) => Assert.Equal(JournalFault.KeyMissing, one.Fault));
        Assert.False(await host.Runs.DeleteAsync("cart", cancellationToken: Token));
        await host.AnswerAsync(token, "right", Token);
        Assert.Equal("right", (await host.ResumeAsync("cart", cancellationToken: Token)).Result!.Value.AsString());
        Assert.Equal(["buy a"], Ledger);
    }

    [Fact]
    public async Task An_answer_of_a_host_with_a_newer_key_is_read_by_hosts_that_do_not_have_it_yet()
    {
        EnclaveHost old = Host(options: (options) => options.Durable!.Keys = [new byte[32]]);
        DurableRun waiting = await old.StartAsync("return await waitFor('x')", Named("rotated"), Token);
        EnclaveHost updated = Host(options: (options) => options.Durable!.Keys = [[.. Enumerable.Repeat((byte)7, 32)], new byte[32]]);

        await updated.AnswerAsync(waiting.Waits[0].Token, "right", Token);

        Assert.Equal("right", (await old.ResumeAsync("rotated", cancellationToken: Token)).Result!.Value.AsString());
    }
}
