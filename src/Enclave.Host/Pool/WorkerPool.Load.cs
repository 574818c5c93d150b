namespace Enclave.Pool;

/// <content>The pool's state for decisions.</content>
internal sealed partial class WorkerPool
{
    /// <summary>The pool's present state. Every member needs the lock.</summary>
    private sealed class Load(WorkerPool pool) : IPoolLoad
    {
        public int Total => pool._workers.Count + pool._launching;

        public int Starting => Total - Idle - Active;

        public int Idle => pool._idle.Count;

        public int Active => pool._leases.Count;

        public int Compared => pool._workers.Count((worker) => worker.IsCompared);

        public int Unbound => pool._launching + pool._workers.Count((worker) => worker.BoundTo is null);

        public int Queued => pool._queue.Count;

        public IEnumerable<string> Turns => pool._queue.Turns;

        public bool HadWorker => pool._starts.HasSucceeded;

        public int StartFailures => pool._starts.Failures;

        public TimeSpan StartWait => pool._starts.Wait;

        public TimeSpan? SinceLoss => pool._starts.SinceLoss;

        public int ActiveOf(string tenant) => pool._leases.CountOf(tenant);

        public int ComparedOf(string tenant) => pool._workers.Count((worker) => worker.IsCompared && worker.Lease!.Tenant == tenant);

        public int QueuedOf(string tenant) => pool._queue.CountOf(tenant);

        public int Computing(TimeSpan time) => pool._workers.Count((worker) => worker.ComputesBriefly(time));
    }
}
