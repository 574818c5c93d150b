namespace Enclave.Worker.Tests;

/// <summary>A worker for the tests of a class, one after another. One that takes no more jobs is followed by a new one.</summary>
public sealed class SharedWorker : IDisposable
{
    private LiveWorker? _worker;

    public void Dispose()
    {
        _worker?.Dispose();
        _worker = null;
    }

    internal LiveWorker Of(WorkerSetup setup)
    {
        if (_worker is { IsSpent: true }) Dispose();
        return _worker ??= LiveWorker.Open(setup);
    }
}
