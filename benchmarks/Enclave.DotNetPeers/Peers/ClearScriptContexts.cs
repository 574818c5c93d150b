using Microsoft.ClearScript.V8;

namespace Enclave.DotNetPeers.Peers;

/// <summary>A runtime for each core, and a new context for each job. A job shares V8's heap, and its limit, with all others of its runtime.</summary>
internal sealed class ClearScriptContexts(int memoryMb) : IPeer
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly ClearScriptRuntime[] _runtimes = [.. Enumerable.Range(0, Environment.ProcessorCount).Select((_) => new ClearScriptRuntime(memoryMb))];
    private readonly List<V8ScriptEngine> _held = [];

    public Task<string> RunAsync(PeerJob job) => LeastBusy().RunAsync(job);

    public async Task HoldAsync(int count, PeerJob job)
    {
        for (int i = 0; i < count; i++) await LeastBusy().RunAsync(job, _held.Add);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (V8ScriptEngine engine in _held) engine.Dispose();
        foreach (ClearScriptRuntime runtime in _runtimes) runtime.Dispose();
        foreach (ClearScriptRuntime runtime in _runtimes) await runtime.Ended.WaitAsync(s_patience);
    }

    private ClearScriptRuntime LeastBusy()
    {
        lock (_lock)
        {
            int least = 0;
            for (int i = 0; i < _runtimes.Length; i++)
            {
                if (_runtimes[i].Spent)
                {
                    _runtimes[i].Dispose();
                    _runtimes[i] = new ClearScriptRuntime(memoryMb);
                }

                if (_runtimes[i].Jobs < _runtimes[least].Jobs) least = i;
            }

            return _runtimes[least];
        }
    }
}
