using System.Collections.Concurrent;
using Microsoft.ClearScript.V8;

namespace Enclave.DotNetPeers.Peers;

/// <summary>A V8 runtime with a thread of its own, on which every job begins. Limits as the documentation of ClearScript recommends them.</summary>
internal sealed class ClearScriptRuntime : IDisposable
{
    private const V8ScriptEngineFlags Flags =
        V8ScriptEngineFlags.DisableGlobalMembers | V8ScriptEngineFlags.EnableTaskPromiseConversion | V8ScriptEngineFlags.HideHostExceptions;

    private readonly V8Runtime _runtime;
    private readonly BlockingCollection<Action> _work = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ClearScriptRuntime(int memoryMb)
    {
        _runtime = Make(memoryMb);
        new Thread(Work) { IsBackground = true, Name = "ClearScript" }.Start();
    }

    /// <summary>How many jobs it has begun and not ended.</summary>
    public int Jobs;

    /// <summary>Set once a limit has ended a job: the documentation does not say in which state the runtime is then.</summary>
    public bool Spent { get; private set; }

    /// <summary>
    /// V8 ends the process at its own limit, so the softer one that ClearScript watches lies well below it. Array buffers lie outside of the heap and have
    /// their own limit. With a heap that may grow beyond V8's (HeapExpansionMultiplier), V8 14.7 fails a check of its own and ends the process after some
    /// thousand contexts.
    /// </summary>
    public static V8Runtime Make(int memoryMb)
    {
        var constraints = new V8RuntimeConstraints
        {
            MaxOldSpaceSize = 4 * memoryMb,
            MaxArrayBufferAllocation = (ulong)memoryMb << 20,
        };
        return new V8Runtime(constraints) { MaxHeapSize = (UIntPtr)memoryMb << 20, HeapSizeSampleInterval = TimeSpan.FromMilliseconds(5) };
    }

    public static V8ScriptEngine EngineOf(V8Runtime runtime) => runtime.CreateScriptEngine(Flags);

    /// <summary>Runs a job in a new context.</summary>
    public Task<string> RunAsync(PeerJob job) => RunAsync(job, static (engine) => engine.Dispose());

    /// <summary>Runs a job in a new context and gives that context away.</summary>
    public async Task<string> RunAsync(PeerJob job, Action<V8ScriptEngine> ended)
    {
        Interlocked.Increment(ref Jobs);
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() => _ = ClearScriptJob.RunAsync(EngineOf(_runtime), job, answer, ended));
        try
        {
            return await answer.Task;
        }
        catch
        {
            Spent = true;
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref Jobs);
        }
    }

    /// <summary>Completed when the runtime is disposed. A process that exits before ends with a SIGSEGV in V8, now and then.</summary>
    public Task Ended => _ended.Task;

    public void Dispose() => _work.CompleteAdding();

    private void Work()
    {
        foreach (Action job in _work.GetConsumingEnumerable()) job();
        _runtime.Dispose();
        _ended.SetResult();
    }
}
