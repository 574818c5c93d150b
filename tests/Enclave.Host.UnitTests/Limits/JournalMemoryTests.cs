using Enclave.Limits;

namespace Enclave.Host.Tests;

/// <summary>The share of journals in the host's memory.</summary>
public sealed class JournalMemoryTests
{
    private const long Megabyte = 1 << 20;

    // Journals have three quarters of it without the largest run: 35 MB.
    private readonly HostMemory _host = new(limit: 100 * Megabyte, perRun: 40 * Megabyte);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Journals_wait_for_their_turn_and_then_are_let_in_one_after_the_other()
    {
        HeldMemory first = await Hold(20);
        Task<HeldMemory> second = Hold(20), third = Hold(20);
        Assert.False(second.IsCompleted || third.IsCompleted);

        first.Release();
        HeldMemory next = await second;
        Assert.False(third.IsCompleted);
        next.Release();

        (await third).Release();
        Assert.Equal(0, _host.Held);
    }

    [Fact]
    public async Task The_largest_request_of_a_run_has_room_beside_all_journals()
    {
        await Hold(35);
        Task<HeldMemory> waiting = Hold(1);

        Assert.NotNull(new RunMemory(_host, "a", () => { }).HoldOrWait(40 * Megabyte));
        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task Runs_do_not_wait_behind_a_journal_of_their_tenant()
    {
        HeldMemory run = new RunMemory(_host, "a", () => { }).HoldOrWait(40 * Megabyte)!;
        HeldMemory other = new RunMemory(_host, "a", () => { }).HoldOrWait(30 * Megabyte)!;
        Task<HeldMemory> waiting = Hold(30);

        Assert.NotNull(new RunMemory(_host, "a", () => { }).HoldOrWait(1 * Megabyte));

        Assert.False(waiting.IsCompleted);
        run.Release();
        other.Release();
        await waiting;
    }

    [Fact]
    public async Task Journals_that_are_larger_than_their_share_are_in_memory_one_at_a_time()
    {
        HeldMemory first = await Hold(90);
        Task<HeldMemory> second = Hold(90, "b");
        await Hold(35, "c");
        Assert.False(second.IsCompleted);

        first.Release();

        (await second).Release();
    }

    [Fact]
    public async Task Room_that_comes_as_its_wait_is_cancelled_is_given_back()
    {
        for (int round = 0; round < 2_000; round++)
        {
            HeldMemory first = await Hold(20);
            using var cancelled = new CancellationTokenSource();
            Task<HeldMemory> second = RunMemory.HoldJournalAsync(_host, "a", 20 * Megabyte, cancelled.Token);

            Task cancels = Task.Run(cancelled.Cancel, Token);
            first.Release();
            await cancels;

            try
            {
                (await second).Release();
            }
            catch (OperationCanceledException)
            {
                // Nobody has it.
            }

            Assert.Equal(0, _host.Held);
        }
    }

    [Fact]
    public async Task A_journal_that_nobody_waits_for_any_more_takes_nothing()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        HeldMemory first = await Hold(30);
        Task<HeldMemory> second = RunMemory.HoldJournalAsync(_host, "a", 30 * Megabyte, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        first.Release();
        Assert.Equal((0, 0), (_host.Held, _host.Waiting));
    }

    private Task<HeldMemory> Hold(long megabytes, string tenant = "a") => RunMemory.HoldJournalAsync(_host, tenant, megabytes * Megabyte, Token);
}
