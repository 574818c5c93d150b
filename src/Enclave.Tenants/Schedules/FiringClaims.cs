namespace Enclave.Tenants.Schedules;

/// <summary>
/// Claims of runs. A scheduler claims a run before it begins, and gives the claim back when the end is written. The claim of a host that dies becomes free, so
/// that other hosts notice the death.
/// </summary>
internal abstract class FiringClaims
{
    /// <summary>Claims a run; null if a living host has claimed it.</summary>
    public abstract IDisposable? TryTake(DateTimeOffset time);

    /// <summary>True if no living host has the claim.</summary>
    public bool IsFree(DateTimeOffset time)
    {
        using IDisposable? taken = TryTake(time);
        return taken is not null;
    }
}
