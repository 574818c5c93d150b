using System.Collections.Concurrent;
using Microsoft.ClearScript.V8;

namespace Enclave.DotNetPeers.Peers;

/// <summary>A new runtime, V8's isolate, for each job, on a thread of the pool.</summary>
internal sealed class ClearScriptIsolates : IPeer
{
    private readonly ConcurrentBag<V8Runtime> _held = [];

    public Task<string> RunAsync(PeerJob job) => RunAsync(job, static (runtime) => runtime.Dispose());

    public async Task HoldAsync(int count, PeerJob job)
    {
        for (int i = 0; i < count; i++) await RunAsync(job, _held.Add);
    }

    public ValueTask DisposeAsync()
    {
        foreach (V8Runtime runtime in _held) runtime.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Task<string> RunAsync(PeerJob job, Action<V8Runtime> ended)
    {
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = Task.Run(() =>
        {
            V8Runtime runtime = ClearScriptRuntime.Make(job.MemoryMb);
            return ClearScriptJob.RunAsync(ClearScriptRuntime.EngineOf(runtime), job, answer, (_) => ended(runtime));
        });
        return answer.Task;
    }
}
