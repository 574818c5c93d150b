namespace Enclave.LoadBench;

/// <summary>Looks at the workers every 5 ms, on a thread of its own, and keeps the highest peak that any of them shows.</summary>
internal sealed class MemorySampler : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(5);

    private readonly IReadOnlyList<WorkerMemory> _workers;
    private readonly ManualResetEventSlim _end = new();
    private readonly Thread _thread;

    public MemorySampler(IReadOnlyList<WorkerMemory> workers)
    {
        _workers = workers;
        _thread = new Thread(Loop) { IsBackground = true, Name = "memory-sampler" };
        _thread.Start();
    }

    /// <summary>Complete once this is disposed.</summary>
    public double PeakMiB { get; private set; }

    public void Dispose()
    {
        _end.Set();
        _thread.Join();
    }

    private void Loop()
    {
        do
        {
            foreach (WorkerMemory worker in _workers) PeakMiB = Math.Max(PeakMiB, worker.PeakMiB());
        }
        while (!_end.Wait(s_interval));
    }
}
