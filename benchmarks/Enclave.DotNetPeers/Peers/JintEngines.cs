using System.Collections.Concurrent;
using Jint;
using Jint.Native;
using Jint.Runtime;

namespace Enclave.DotNetPeers.Peers;

/// <summary>Jint with a new engine for each job, a script prepared once for each text, and its own limits.</summary>
internal sealed class JintEngines : IPeer
{
    private readonly ConcurrentDictionary<string, Prepared<Acornima.Ast.Script>> _prepared = new();
    private readonly ConcurrentBag<Engine> _held = [];

    public Task<string> RunAsync(PeerJob job) => Task.Run(() => Run(job).Answer);

    public async Task HoldAsync(int count, PeerJob job)
    {
        for (int i = 0; i < count; i++) _held.Add((await Task.Run(() => Run(job))).Engine);
    }

    public ValueTask DisposeAsync()
    {
        foreach (Engine engine in _held) engine.Dispose();
        return ValueTask.CompletedTask;
    }

    private (Engine Engine, string Answer) Run(PeerJob job)
    {
        Prepared<Acornima.Ast.Script> script = _prepared.GetOrAdd(job.Source, static (source) => Engine.PrepareScript(source));
        var engine = new Engine((options) =>
        {
            options.LimitMemory((long)job.MemoryMb << 20);
            options.TimeoutInterval(job.TimeLimit);
            options.Constraints.PromiseTimeout = job.TimeLimit;
            options.ExperimentalFeatures = ExperimentalFeature.TaskInterop;
        });
        JsValue function = engine.Evaluate(script);
        JsValue promise = engine.Invoke(function, job.ArgsText, job.CallTool);
        return (engine, promise.UnwrapIfPromise().AsString());
    }
}
