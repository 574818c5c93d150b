using Enclave.Protocol;
using Enclave.Runs;
using Enclave.Tools;

namespace Enclave.DoubleVm;

/// <summary>Where the tool calls of one script go: to its outer run, which its first call starts. Without a call there is none, and it costs nothing.</summary>
/// <remarks>Its answers arrive on a worker's thread: a port before it that does work with them needs a <see cref="PooledPort"/> in between.</remarks>
/// <param name="outer">The host's outer isolates.</param>
/// <param name="next">Where calls go that have passed.</param>
internal sealed class PolicyPort(OuterVm outer, IToolPort next) : IToolPort
{
    private readonly Lock _gate = new();
    private OuterRun? _run;

    public bool TakesAtOnce(ToolInvocation call) => true;

    public ValueTask<ScriptValue> CallAsync(ToolInvocation call)
    {
        if (outer.IsTooLarge(call.Args)) return ValueTask.FromException<ScriptValue>(PolicyFault.ArgumentsTooLarge(call.Name));
        OuterRun? started = null;
        lock (_gate) _run ??= started = new OuterRun(call.Job.Id, next, outer.Log);
        if (started is not null) Start(started, call);
        return new ValueTask<ScriptValue>(_run.AskAsync(call));
    }

    private void Start(OuterRun run, ToolInvocation first)
    {
        ExecutionJob job = outer.Submit(first.Job, new OuterPort(run));
        run.Follow(job);
        // Off the script's path: its answer does not wait for the end of this.
        first.Context.CancellationToken.UnsafeRegister(
            (_) =>
            {
                run.End();
                outer.EndRun(job);
            },
            null);
    }
}
