using Enclave.Limits;

namespace Enclave.Host.Tests;

/// <summary>The order in which runs get the host's memory.</summary>
public sealed class HostMemoryTests
{
    private const long Megabyte = 1 << 20;

    private readonly HostMemory _host = new(limit: 100 * Megabyte, perRun: 40 * Megabyte);
    private readonly List<string> _granted = [];

    [Fact]
    public void A_run_waits_for_its_own_calls_at_its_limit()
    {
        RunMemory run = Run("a");
        HeldMemory first = run.HoldOrWait(30 * Megabyte)!;

        Assert.Null(run.HoldOrWait(20 * Megabyte));
        Assert.Empty(_granted);
        first.Release();

        Assert.Equal(["a"], _granted);
        Assert.NotNull(run.HoldOrWait(20 * Megabyte));
        Assert.Equal(20 * Megabyte, _host.Held);
    }

    [Fact]
    public void One_tenant_leaves_a_quarter_to_others()
    {
        for (int i = 0; i < 25; i++) Assert.NotNull(Run("a").HoldOrWait(3 * Megabyte));

        Assert.Null(Run("a").HoldOrWait(3 * Megabyte));

        Assert.NotNull(Run("b").HoldOrWait(3 * Megabyte));
    }

    [Fact]
    public void Memory_that_a_tenant_gives_back_goes_to_tenants_with_less()
    {
        Queue<HeldMemory> early = Fill("early"), late = Fill("late");
        Assert.Equal((75, 18), (early.Count, late.Count));

        // Each in turn gives its memory back and takes what it gets.
        for (int i = 0; i < 200; i++)
        {
            early.Dequeue().Release();
            late.Dequeue().Release();
            foreach (HeldMemory more in Fill("late")) late.Enqueue(more);
            foreach (HeldMemory more in Fill("early")) early.Enqueue(more);
        }

        Assert.InRange(early.Count - late.Count, -2, 2);
        Assert.True(_host.Held > 80 * Megabyte);
    }

    [Fact]
    public void Within_a_tenant_the_first_comes_first()
    {
        HeldMemory[] held = [.. Enumerable.Range(0, 3).Select((_) => Run("a").HoldOrWait(25 * Megabyte)!)];
        RunMemory first = Run("a", "first"), second = Run("a", "second");
        Assert.Null(first.HoldOrWait(30 * Megabyte));
        // It would fit, but an earlier run waits for the same memory.
        Assert.Null(second.HoldOrWait(Megabyte));

        held[0].Release();
        Assert.Empty(_granted);
        held[1].Release();

        Assert.Equal(["first", "second"], _granted);
    }

    [Fact]
    public void Nobody_waits_behind_a_run_that_is_in_its_own_way()
    {
        RunMemory greedy = Run("a", "greedy");
        HeldMemory held = greedy.HoldOrWait(35 * Megabyte)!;
        Assert.Null(greedy.HoldOrWait(10 * Megabyte));

        Assert.NotNull(Run("a").HoldOrWait(10 * Megabyte));
        held.Release();

        Assert.Equal(["greedy"], _granted);
    }

    [Fact]
    public void A_run_that_ends_while_it_waits_is_told_and_gets_nothing()
    {
        HeldMemory[] held = [.. Enumerable.Range(0, 3).Select((_) => Run("a").HoldOrWait(25 * Megabyte)!)];
        RunMemory gone = Run("a", "gone"), next = Run("a", "next");
        Assert.Null(gone.HoldOrWait(30 * Megabyte));
        Assert.Null(next.HoldOrWait(30 * Megabyte));

        gone.End();
        foreach (HeldMemory memory in held) memory.Release();

        Assert.Equal(["gone", "next"], _granted);
        Assert.Equal(30 * Megabyte, _host.Held);
        next.End();
        Assert.Equal((0, 0), (_host.Held, _host.Waiting));
    }

    [Fact]
    public void Memory_granted_to_a_run_that_has_ended_since_is_given_back()
    {
        RunMemory run = Run("a");
        HeldMemory held = run.HoldOrWait(30 * Megabyte)!;
        Assert.Null(run.HoldOrWait(20 * Megabyte));
        held.Release();

        run.End();

        Assert.Equal(0, _host.Held);
    }

    [Fact]
    public void Memory_is_held_until_the_last_user_lets_go()
    {
        HeldMemory held = Run("a").HoldOrWait(10 * Megabyte)!;
        held.Retain();

        held.Release();
        Assert.Equal(10 * Megabyte, _host.Held);
        held.Release();

        Assert.Equal(0, _host.Held);
    }

    [Fact]
    public void A_call_takes_more_beside_what_it_holds()
    {
        RunMemory run = Run("a");
        HeldMemory held = run.HoldOrWait(10 * Megabyte)!;

        HeldMemory more = held.TryHoldMore(5 * Megabyte)!;
        Assert.Equal(15 * Megabyte, _host.Held);
        Assert.Null(held.TryHoldMore(_host.PerRun));

        held.Release();
        Assert.Equal(5 * Megabyte, _host.Held);
        more.Release();
        Assert.Equal(0, _host.Held);
        // A call from outside any worker is not counted.
        Assert.Same(HeldMemory.None, HeldMemory.None.TryHoldMore(_host.PerRun));
    }

    [Fact]
    public void The_first_bytes_of_a_run_ask_nobody()
    {
        RunMemory run = Run("a");
        HeldMemory first = run.HoldOrWait(RunMemory.Free)!;
        Assert.Equal(0, _host.Held);

        HeldMemory second = run.HoldOrWait(100)!;
        Assert.Equal(100, _host.Held);
        first.Release();
        second.Release();

        Assert.Equal(0, _host.Held);
        Assert.NotNull(run.TryHold(RunMemory.Free));
        Assert.Equal(0, _host.Held);
    }

    [Theory]
    [InlineData(SecurityLevel.Strict, 8, 32)]
    [InlineData(SecurityLevel.Secure, 16, 64)]
    [InlineData(SecurityLevel.Standard, 64, 256)]
    [InlineData(SecurityLevel.Permissive, 256, 1024)]
    public void A_level_has_its_limits(SecurityLevel level, int perRun, int limit)
    {
        HostMemory memory = HostMemory.Of(WorkerPoolPresets.For(level));

        Assert.Equal((perRun * Megabyte, limit * Megabyte), (memory.PerRun, memory.Limit));
    }

    /// <summary>Takes all memory that a tenant gets now, one megabyte per run.</summary>
    private Queue<HeldMemory> Fill(string tenant)
    {
        var held = new Queue<HeldMemory>();
        while (Run(tenant).TryHold(Megabyte) is { } memory) held.Enqueue(memory);
        return held;
    }

    private RunMemory Run(string tenant, string? name = null) => new(_host, tenant, () => _granted.Add(name ?? tenant));
}
