using Enclave.Pool;

namespace Enclave.Host.Tests;

public sealed class PoolShutdownTests
{
    private readonly PoolShutdown _shutdown = new();

    [Fact]
    public void An_idle_pool_has_not_ended()
    {
        _shutdown.Advance_NeedsLock(active: 0, processes: 0);

        Assert.Equal((false, false), (_shutdown.Drained.IsCompleted, _shutdown.Emptied.IsCompleted));
    }

    [Theory]
    [InlineData(1, 1, false, false)]
    [InlineData(0, 2, true, false)]
    [InlineData(0, 0, true, true)]
    public void The_jobs_end_before_the_processes(int active, int processes, bool drained, bool emptied)
    {
        _shutdown.Begin_NeedsLock();
        _shutdown.Advance_NeedsLock(active, processes);

        Assert.Equal((drained, emptied), (_shutdown.Drained.IsCompleted, _shutdown.Emptied.IsCompleted));
    }

    [Fact]
    public async Task All_who_dispose_wait_for_the_same_end()
    {
        int runs = 0;
        Task Count() => Task.FromResult(Interlocked.Increment(ref runs));

        Task first = _shutdown.Dispose_NeedsLock(Count);
        Task second = _shutdown.Dispose_NeedsLock(Count);
        await first;

        Assert.Same(first, second);
        Assert.Equal(1, runs);
    }
}
