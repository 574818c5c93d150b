using Enclave.Journals;

namespace Enclave.Durable;

/// <summary>The readers of journals in this process, which want to know of new entries. Thread-safe.</summary>
internal sealed class RunWatches
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RunKey, Watched> _runs = [];

    /// <summary>Begins to watch a run. Dispose it to end that.</summary>
    public Watch Begin(RunKey key)
    {
        lock (_gate)
        {
            if (!_runs.TryGetValue(key, out Watched? run)) _runs.Add(key, run = new Watched());
            run.Readers++;
            return new Watch(this, key, run);
        }
    }

    /// <summary>The run has more entries, or another state.</summary>
    public void Signal(RunKey key)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (!_runs.TryGetValue(key, out Watched? run)) return;
            (changed, run.Changed) = (run.Changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.TrySetResult();
    }

    internal sealed class Watched
    {
        public int Readers { get; set; }

        public TaskCompletionSource Changed { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>One reader of a run.</summary>
    internal sealed class Watch(RunWatches all, RunKey key, Watched run) : IDisposable
    {
        private bool _isOver;

        /// <summary>Completes at the next change.</summary>
        public Task Changed
        {
            get
            {
                lock (all._gate) return run.Changed.Task;
            }
        }

        public void Dispose()
        {
            lock (all._gate)
            {
                if (_isOver) return;
                _isOver = true;
                if (--run.Readers == 0) all._runs.Remove(key);
            }
        }
    }
}
