namespace Enclave.Pool;

/// <summary>Decides whose job is next. It takes no action.</summary>
/// <param name="cores">Cores of the machine.</param>
internal sealed class TenantScheduler(int cores)
{
    /// <summary>
    /// How long a job has a core for itself. Most jobs end sooner, and then all tenants' jobs are answered in turn instead of all at once. No tenant waits
    /// behind a job that takes longer.
    /// </summary>
    public static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(5);

    /// <summary>Decides which tenants may lease workers now, and in which order.</summary>
    /// <remarks>
    /// Tenants without a worker go first: a long backlog then waits behind the first job of every other tenant. Such a job may start although every
    /// core has a job: it shares the cores instead of waiting for one.
    /// </remarks>
    public TurnDecision Decide(IPoolLoad load)
    {
        int began = Began(load);
        if (began > cores) return new TurnDecision([], LookAgain: true);
        IEnumerable<string> first = load.Turns.Where((tenant) => load.ActiveOf(tenant) == 0);
        if (began == cores) return new TurnDecision(first, LookAgain: true);
        return new TurnDecision(first.Concat(load.Turns.Where((tenant) => load.ActiveOf(tenant) > 0)), LookAgain: false);
    }

    /// <summary>True if a job of this tenant may start without waiting for its turn, when no other job of the tenant waits.</summary>
    public bool MayBegin(IPoolLoad load, string tenant) => Began(load) < (load.ActiveOf(tenant) > 0 ? cores : cores + 1);

    /// <summary>True if every core has a job that started less than a <see cref="Slice"/> ago. Then decide again when the slice has passed.</summary>
    public bool IsTaken(IPoolLoad load) => Began(load) >= cores;

    /// <summary>Jobs that started less than a slice ago; 0 if there are fewer jobs than cores.</summary>
    private int Began(IPoolLoad load) => load.Active < cores ? 0 : load.Computing(Slice);
}
