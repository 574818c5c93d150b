using Enclave.Events;
using Enclave.Runs;

namespace Enclave.Sessions;

/// <summary>Passes the events of a session's run to the session and its readers.</summary>
internal sealed class SessionEvents(ExecutionSession session, EventFeed feed, PendingCalls pending, OutsideTools outside) : IRunObserver
{
    private readonly Lock _gate = new();
    // The outside client learns of a call after it was checked.
    private readonly Dictionary<uint, ToolCallEvent> _untold = [];

    public void Take(ExecutionJob job, ExecutionEvent happened)
    {
        switch (happened)
        {
            case StartedEvent: session.MarkStarted(); break;
            case ToolCallEvent call when outside.Contains(call.Name):
                lock (_gate) _untold.Add(call.Call, call);
                return;
            case ToolResultEvent answer:
                pending.Forget(answer.Call);
                // A call that was refused on its way is reported together with its refusal.
                TellOfCall(answer.Call);
                break;
        }

        feed.Add(happened);
    }

    /// <summary>A call has reached the outside client.</summary>
    public void Asked(ToolInvocation call)
    {
        // Opened before a reader sees it, because the answer may come at once.
        pending.Open(call);
        TellOfCall(call.Id);
    }

    public void Settled(ExecutionJob job, ExecutionResult? result)
    {
        session.KeepResult(result!);
        feed.Close();
    }

    private void TellOfCall(uint number)
    {
        ToolCallEvent? call;
        lock (_gate) _untold.Remove(number, out call);
        if (call is not null) feed.Add(call);
    }
}
