using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Runs;

namespace Enclave.Tools.Sequences;

/// <summary>Applies the sequence policy to one run: checks each call when the worker sends it, and refuses it before it reaches the tool.</summary>
/// <remarks>Calls reach the invoker in any order. They reach the observer one by one in the order of their ids, so they are checked there.</remarks>
internal sealed class SequenceWatch(SequencePolicy policy, IToolInvoker next) : IRunObserver, IToolInvoker
{
    private readonly SequenceHistory _history = policy.Open();
    private readonly HashSet<(string Rule, string Tool)> _reported = [];
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, string> _refused = [];

    public void Take(ExecutionJob job, ExecutionEvent happened)
    {
        if (happened is not ToolCallEvent call) return;
        if (policy.Find(call.Name, job.Options) is not { } tool || Judge(call, tool, TimeSpan.Zero) is not { } refused) return;
        // Reported once for each rule and tool, so that a script that tries again and again does not fill the log.
        if (_reported.Add((refused.Rule, tool.Tool))) policy.Report(job, call.Call, refused.Message);
    }

    /// <summary>Repeated calls count with their own times. A call without an answer is judged again, because its refusal may have been lost.</summary>
    public void TakeRepeated(ExecutionJob job, ExecutionEvent happened, Repetition repetition)
    {
        if (happened is not ToolCallEvent call || policy.Find(call.Name, job.Options) is not { } tool) return;
        if (repetition == Repetition.Open) _ = Judge(call, tool, policy.Now - call.Time);
        else if (job.Determinism?.FailureOf(call.Call) != ToolCode.SequenceBlocked) _history.Remember(call.Call, tool, call.Args, policy.Now - call.Time);
    }

    public void Settled(ExecutionJob job, ExecutionResult? result)
    {
    }

    public ValueTask<ScriptValue> CallAsync(ToolInvocation call)
    {
        string? message;
        lock (_gate) _refused.Remove(call.Id, out message);
        if (message is null) return next.CallAsync(call);
        return ValueTask.FromException<ScriptValue>(ToolFault.Of(ToolCode.SequenceBlocked, message));
    }

    private (string Rule, string Message)? Judge(ToolCallEvent call, EffectDeclaration tool, TimeSpan age)
    {
        if (_history.Judge(call.Call, tool, call.Args, age) is not { } finding) return null;
        string message = $"{tool.Tool} was not called: {finding.Why}: docs/tool-effects.md";
        lock (_gate) _refused[call.Call] = message;
        return (finding.Rule, message);
    }
}
