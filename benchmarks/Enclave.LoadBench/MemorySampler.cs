namespace Enclave.LoadBench;

/// <summary>Samples the workers every 5 ms on its own thread, and keeps the highest peak of any of them.</summary>
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

    /// <summary>The result is complete after disposal.</summary>
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
