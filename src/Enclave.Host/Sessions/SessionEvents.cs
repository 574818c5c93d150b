using Enclave.Events;
using Enclave.Runs;

namespace Enclave.Sessions;

/// <summary>Passes the events of a session's run to the session.</summary>
internal sealed class SessionEvents(ExecutionSession session, EventFeed feed, PendingCalls pending, OutsideTools outside) : RunEvents(feed)
{
    private readonly Lock _gate = new();
    private readonly HashSet<uint> _told = [];

    public override void OnStarted(ExecutionJob job)
    {
        session.HasStarted();
        base.OnStarted(job);
    }

    public override void OnToolCall(ExecutionJob job, ToolInvocation call)
    {
        // The outside client learns of a call after it was checked, with the final arguments.
        if (!outside.Contains(call.Name)) Tell(job, call);
    }

    /// <summary>A call has reached the outside client.</summary>
    public void Asked(ToolInvocation call)
    {
        // Opened before a reader sees it, because the answer may come at once.
        pending.Open(call);
        Tell(call.Job, call);
    }

    public override void OnToolAnswer(ExecutionJob job, ToolInvocation call, ToolOutcome outcome)
    {
        pending.Forget(call.Id);
        // A call that was refused on its way is reported together with its refusal.
        Tell(job, call);
        base.OnToolAnswer(job, call, outcome);
    }

    private void Tell(ExecutionJob job, ToolInvocation call)
    {
        lock (_gate)
        {
            if (!_told.Add(call.Id)) return;
        }

        base.OnToolCall(job, call);
    }

    public override void OnSettled(ExecutionJob job, ExecutionResult? result)
    {
        session.HasSettled(result!);
        base.OnSettled(job, result);
    }
}
