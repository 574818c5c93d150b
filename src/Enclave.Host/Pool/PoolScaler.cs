using Enclave.Isolation;
using Enclave.Queues;

namespace Enclave.Pool;

/// <summary>Decides how many workers there should be. It takes no action.</summary>
/// <param name="options">The pool's sizes.</param>
/// <param name="oneTenantPerWorker">True if a worker serves one tenant in its life.</param>
/// <param name="cores">Cores of the machine.</param>
/// <param name="scheduler">Decides whose job is next.</param>
internal sealed class PoolScaler(WorkerPoolOptions options, bool oneTenantPerWorker, int cores, TenantScheduler scheduler)
{
    /// <summary>
    /// Concurrent starts. A start mostly waits for the kernel, which moves the worker into its control group. More at once would slow down running jobs.
    /// </summary>
    private const int StartsAtOnce = 16;

    /// <summary>The delay of a start that no job waits for. A start uses a core for a while, and the caller who just got an answer goes first.</summary>
    private static readonly TimeSpan s_unhurried = TimeSpan.FromMilliseconds(2);

    /// <summary>
    /// A job that has run for a shorter time should end before another worker could start. If every core has such a job, more workers would only divide the
    /// cores. No job has to wait behind jobs that are long or wait for tools.
    /// </summary>
    private static readonly TimeSpan s_brief = TimeSpan.FromMilliseconds(100);

    /// <summary>Before the first worker is ready, one core is left to the host, which compiles its own code then: the first answer comes sooner.</summary>
    private int FirstStartsAtOnce => Math.Max(1, cores - 1);

    /// <summary>The most workers of one tenant.</summary>
    public int MaxWorkersPerTenant => options.MaxWorkersPerTenant ?? options.MaxWorkers;

    /// <summary>Decides if another worker is started now.</summary>
    /// <param name="load">The pool's state.</param>
    /// <param name="coming">Expected jobs: the pool keeps this many workers for them, as if they were permanent.</param>
    public StartDecision Decide(IPoolLoad load, int coming = 0)
    {
        if (load.Total >= options.MaxWorkers || load.Starting >= (load.HadWorker ? StartsAtOnce : FirstStartsAtOnce)) return default;
        TimeSpan? lookAgain = null;
        bool wanted = load.Total < Math.Max(options.MinWorkers, coming);
        if (!wanted && load.Starting < load.Queued && load.Starting + load.Compared < load.Queued)
        {
            wanted = !IsPatient(load);
            if (!wanted) lookAgain = s_brief;
        }

        wanted = wanted || (oneTenantPerWorker && load.Unbound < options.SpareWorkers);
        if (!wanted) return new StartDecision(null, lookAgain);
        if (load.StartWait is var wait && wait > TimeSpan.Zero) return new StartDecision(null, wait + TimeSpan.FromMilliseconds(1));
        if (load.Idle > 0 && load.Queued == 0 && load.SinceLoss < s_unhurried) return new StartDecision(null, s_unhurried);
        // After a failed start only one start is attempted at a time.
        if (load.StartFailures > 0 && load.Starting > 0) return new StartDecision(null, lookAgain);
        return new StartDecision(load.Active > 0 && load.Queued == 0 ? StartPace.Aside : StartPace.AtOnce, lookAgain);
    }

    /// <summary>True to speed up starting workers: a job waits, and too few workers are ready, or they may be bound to other tenants.</summary>
    public bool Hastens(IPoolLoad load) => load.Queued > 0 && (oneTenantPerWorker || load.Idle + load.Active < Math.Min(cores, options.MaxWorkers));

    /// <summary>Decides about idle workers of other tenants, if a worker serves one tenant and the pool is full.</summary>
    public RoomDecision DecideRoom(IPoolLoad load)
    {
        if (!oneTenantPerWorker || load.Total < options.MaxWorkers || load.Starting > 0 || load.Active >= options.MaxWorkers) return RoomDecision.Keep;
        if (scheduler.IsTaken(load)) return RoomDecision.LookAgain;
        bool waits = load.Turns.Any((tenant) => load.ActiveOf(tenant) < MaxWorkersPerTenant);
        return waits && load.Idle > 0 ? RoomDecision.MakeRoom : RoomDecision.Keep;
    }

    /// <summary>
    /// The coming jobs that count against the queue, for another job of this tenant. Jobs that the pool has or may start a worker for do not.
    /// </summary>
    /// <param name="load">The pool's state.</param>
    /// <param name="tenant">The job's tenant.</param>
    /// <param name="coming">Jobs on their way into the queue, without this one.</param>
    public QueueAhead AheadOf(IPoolLoad load, string tenant, QueueAhead coming)
    {
        // Idle workers of other tenants count as free, since they are replaced. A worker whose memory is being compared has answered its job.
        int free = Math.Max(0, options.MaxWorkers - load.Active + load.Compared);
        int own = Servable(load, tenant, load.QueuedOf(tenant) + coming.OfTenant + 1);
        int others = coming.All - coming.OfTenant;
        // Each tenant adds to the sum, except tenants that hold as many workers as they may. So the loop takes few steps, even if many tenants wait.
        foreach (string other in load.Turns)
        {
            if (others >= free) break;
            if (other != tenant) others += Servable(load, other, load.QueuedOf(other));
        }

        others = Math.Min(others, free);
        return new QueueAhead(coming.All - Math.Min(others + own, free), coming.OfTenant - Math.Min(own, free - others));
    }

    /// <summary>How many of a tenant's waiting jobs may have a worker at the same time as its running ones.</summary>
    private int Servable(IPoolLoad load, string tenant, int waiting) =>
        Math.Clamp(MaxWorkersPerTenant - load.ActiveOf(tenant) + load.ComparedOf(tenant), 0, waiting);

    /// <summary>
    /// True if another worker would not help the waiting jobs yet. One worker beyond the number of cores stays ready for a tenant without one.
    /// </summary>
    private bool IsPatient(IPoolLoad load) => load.Total > cores && load.Starting + load.Computing(s_brief) >= cores;
}
