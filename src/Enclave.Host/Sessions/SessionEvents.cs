using Enclave.Events;
using Enclave.Runs;

namespace Enclave.Sessions;

/// <summary>Takes what happens in a session's run to the session.</summary>
internal sealed class SessionEvents(ExecutionSession session, EventFeed feed, PendingCalls pending, SessionTools tools) : RunEvents(feed)
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
        // Whoever answers outside hears of a call once it has been judged, with the arguments that have passed.
        if (!tools.IsOutside(call.Name)) Tell(job, call);
    }

    /// <summary>A call has come to where it is answered outside.</summary>
    public void Asked(ToolInvocation call)
    {
        // Before a reader hears of it: the answer may come at once.
        pending.Open(call);
        Tell(call.Job, call);
    }

    public override void OnToolAnswer(ExecutionJob job, ToolInvocation call, ToolOutcome outcome)
    {
        pending.Forget(call.Id);
        // One that was refused on its way is told with its refusal.
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
