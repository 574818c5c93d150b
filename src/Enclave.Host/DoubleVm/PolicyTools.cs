using Enclave.Protocol;
using Enclave.Runs;
using Enclave.Tools;

namespace Enclave.DoubleVm;

/// <summary>Routes the tool calls of one script to its outer run, which the first call starts. A script without calls has no outer run.</summary>
/// <remarks>Answers arrive on the thread of a worker. If the invoker before this one does work with the answers, a <see cref="PooledTools"/> must stand between
/// the two.</remarks>
/// <param name="outer">The host's outer isolates.</param>
/// <param name="next">The invoker of calls that have passed.</param>
internal sealed class PolicyTools(OuterVm outer, IToolInvoker next) : IToolInvoker
{
    private readonly Lock _gate = new();
    private OuterRun? _run;

    public bool TakesAtOnce(ToolInvocation call) => true;

    public ValueTask<ScriptValue> CallAsync(ToolInvocation call)
    {
        if (outer.IsTooLarge(call.Args)) return ValueTask.FromException<ScriptValue>(PolicyFault.ArgumentsTooLarge(call.Name));
        OuterRun? started = null;
        lock (_gate) _run ??= started = new OuterRun(call.Job.RunId, next, outer.Log);
        if (started is not null) Start(started, call);
        return new ValueTask<ScriptValue>(_run.AskAsync(call));
    }

    private void Start(OuterRun run, ToolInvocation first)
    {
        ExecutionJob job = outer.Submit(first.Job, new OuterTools(run));
        run.Follow(job);
        // End the outer run when the first call's token is cancelled. The script's answer does not wait for this end.
        first.Context.CancellationToken.UnsafeRegister(
            (_) =>
            {
                run.End();
                outer.EndRun(job);
            },
            null);
    }
}
