using Enclave.Limits;

namespace Enclave.Pool;

/// <summary>A pool's decisions. None of them takes an action.</summary>
/// <param name="Recycling">When a worker is replaced.</param>
/// <param name="Turns">Whose job is next.</param>
/// <param name="Scaling">How many workers there are.</param>
internal sealed record PoolPolicies(RecyclePolicy Recycling, TenantScheduler Turns, PoolScaler Scaling)
{
    public static PoolPolicies For(WorkerPoolOptions sizes, LevelLimits level, TimeProvider clock)
    {
        var turns = new TenantScheduler(Environment.ProcessorCount);
        return new PoolPolicies(new RecyclePolicy(sizes, clock), turns, new PoolScaler(sizes, level.OneTenantPerWorker, Environment.ProcessorCount, turns));
    }
}
