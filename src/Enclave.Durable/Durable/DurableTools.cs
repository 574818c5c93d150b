using Enclave.Journals;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Runs;
using Enclave.Tools;

namespace Enclave.Durable;

/// <summary>
/// The first station of a durable run's calls. A call is in the journal before anything else sees it. A call that was made before the run's host ended is not
/// made again, unless its tool allows that. The waits of scripts end here.
/// </summary>
/// <param name="determinism">The run's part in its journal.</param>
/// <param name="history">What the journal said when the run was taken.</param>
/// <param name="registry">Knows which tools may be called twice.</param>
/// <param name="next">The next station.</param>
/// <param name="clock">The host's clock.</param>
internal sealed class DurableTools(
    JournaledDeterminism determinism, JournalHistory history, ToolRegistry registry, IToolInvoker next, TimeProvider clock) : IToolInvoker
{
    public async ValueTask<ScriptValue> CallAsync(ToolInvocation call)
    {
        try
        {
            return await CallInTimeAsync(call).ConfigureAwait(false);
        }
        catch (JournalException fault)
        {
            determinism.Finish(call.Job, fault.Fault == JournalFault.Full ? JournaledDeterminism.Full() : JournaledDeterminism.Unavailable(fault));
            throw new OperationCanceledException(fault.Message, fault);
        }
    }

    private async Task<ScriptValue> CallInTimeAsync(ToolInvocation call)
    {
        await determinism.BeginAsync().ConfigureAwait(false);
        ScriptWait? wait = ScriptWait.Of(call, JournalFormat.Rounded(clock.GetUtcNow()));
        bool isTimer = TimerWait.Is(call);
        bool isOutside = history.Opened.Session?.OutsideTools.Contains(call.Name) == true;
        // The client has not seen a call of its own tool before the call is in the journal, with its wait.
        bool isOld = call.Id <= history.Calls, isRepeatable = isOutside || registry.IsIdempotent(call) || ReservedCalls.IsOfConversation(call.Name);
        if (determinism.IsRehearsal && (wait is not null || isTimer || isRepeatable || history.WaitOf(call.Id) is not null))
            throw await determinism.StopBeforeAsync(call).ConfigureAwait(false);
        if (wait is not null)
        {
            if (determinism.Waits.AreQuestions) throw ToolFault.Of(ToolCode.NotDurable, "a script of this client cannot wait: the run has no name of its own");
            if (wait.State is { } state) throw determinism.StartOver(call.Job, state);
            string token = wait.Kind == WaitKind.Time ? "" : LongWaits.NewToken();
            return await WaitAsync(call, wait.Kind, wait.Name, token, wait.Until).ConfigureAwait(false);
        }

        if (isTimer) return await WaitForTimerAsync(call).ConfigureAwait(false);
        if (isOld && history.WaitOf(call.Id) is { } open)
        {
            if (open.Kind == WaitKind.Tool)
            {
                // This call was counted when it was first made: count it again without a limit.
                if (!isOutside) call.Job.ToolCounts.TryTake(call.Name, int.MaxValue);
                JournalAnswer answer = await determinism.Waits.WaitAsync(call, open.Kind, open.Name, open.Token, open.Until).ConfigureAwait(false);
                return isOutside ? answer.Take() : await registry.MaskLaterAsync(call, answer).ConfigureAwait(false);
            }

            // The run was suspended before the call was approved. The tool was not called, and still needs the approval, even if its options no longer ask for
            // one.
            await ApprovalGate.DecideLaterAsync(determinism.Waits, open.Name, call, open.Token, open.Until).ConfigureAwait(false);
            isOld = false;
        }

        if (isOld && !isRepeatable)
        {
            throw ToolFault.Of(ToolCode.OutcomeUnknown, $"nobody knows whether {call.Name} did its work: the host of the run ended while it was called. " +
                "Look before you call it again");
        }

        if (!isRepeatable) await determinism.CommitAsync().ConfigureAwait(false);
        // The run may have ended while the journal was written.
        call.Context.CancellationToken.ThrowIfCancellationRequested();
        return await next.CallAsync(call).ConfigureAwait(false);
    }

    private async Task<ScriptValue> WaitForTimerAsync(ToolInvocation call)
    {
        TimeSpan time = TimerWait.Of(call);
        if (determinism.Waits.IsLong(time) || history.WaitOf(call.Id) is not null)
            return await WaitAsync(call, WaitKind.Time, "", "", JournalFormat.Rounded(clock.GetUtcNow() + time)).ConfigureAwait(false);
        // If the run is resumed before its answer, it waits once more.
        await Task.Delay(time, clock, call.Context.CancellationToken).ConfigureAwait(false);
        return ScriptValue.Undefined;
    }

    private async Task<ScriptValue> WaitAsync(ToolInvocation call, WaitKind kind, string name, string token, DateTimeOffset? until) =>
        (await determinism.Waits.WaitAsync(call, kind, name, token, until).ConfigureAwait(false)).Take();
}
