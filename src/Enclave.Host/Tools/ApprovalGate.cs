using Enclave.Diagnostics;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Runs;
using Microsoft.Extensions.Logging;

namespace Enclave.Tools;

/// <summary>Asks the application to approve calls. The run's wall clock stops meanwhile. The number of waiting workers is limited.</summary>
internal sealed class ApprovalGate(ToolSettings settings, ILogger log)
{
    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, int> _waiting = [];
    private TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Workers whose run waits here.</summary>
    public int Workers
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <exception cref="ToolException">The call was not approved.</exception>
    public async Task AskAsync(ToolDefinition tool, ToolInvocation call)
    {
        LongWaits? waits = call.Job.Determinism?.Waits;
        // The run was suspended after the approval, and the tool may be called again.
        if (waits?.IsApproved(call.Id) == true) return;
        string? token = waits is null ? null : LongWaits.NewToken();
        ToolApproval decision = tool.Options.IsDecidedLater ? ToolApproval.Later : await AskNowAsync(tool, call, token).ConfigureAwait(false);
        if (decision.IsLater && waits is not null)
        {
            // The user decides after the conversation has the request, and the conversation gets it when the run is suspended.
            if (tool.Options.IsDecidedLater) waits.Hurry();
            await DecideLaterAsync(waits, tool.Name, call, token!, decision.Until).ConfigureAwait(false);
        }
        else Check(tool.Name, decision);
    }

    /// <summary>Waits for a decision that comes later. An approval is in the journal before this returns.</summary>
    /// <exception cref="ToolException">The call was not approved.</exception>
    public static async Task DecideLaterAsync(LongWaits waits, string tool, ToolInvocation call, string token, DateTimeOffset? until)
    {
        JournalAnswer answer = await waits.WaitAsync(call, WaitKind.Approval, tool, token, until).ConfigureAwait(false);
        Check(tool, answer switch
        {
            { Failure: { } failure } => ToolApproval.Denied(failure.Message),
            { Value: { Kind: ScriptValueKind.String } reason } => ToolApproval.Denied(reason.AsString()),
            { Value: { Kind: ScriptValueKind.Boolean } given } when given.AsBoolean() => ToolApproval.Approved,
            _ => ToolApproval.Denied(),
        });
        await waits.ApproveAsync(call.Id).ConfigureAwait(false);
    }

    private static void Check(string tool, ToolApproval decision)
    {
        if (!decision.IsApproved) throw ToolFault.Of(
            ToolCode.ApprovalDenied, decision.Reason is { } reason ? $"{tool} was not approved: {reason}" : $"{tool} was not approved");
    }

    private async Task<ToolApproval> AskNowAsync(ToolDefinition tool, ToolInvocation call, string? token)
    {
        if (!await TryReserveAsync(call).ConfigureAwait(false)) throw ToolFault.Of(
            ToolCode.ApprovalsFull, $"{tool.Name} needs an approval, and {settings.MaxPendingApprovals} " +
            $"{(settings.MaxPendingApprovals == 1 ? "run waits" : "runs wait")} for one already (MaxPendingApprovals)");
        // An outer isolate waits with its script. A script on another machine has its own clock.
        RunClock?[] clocks = [call.Job.Session?.WallClock, call.Job.Outer?.Session?.WallClock];
        foreach (RunClock? clock in clocks) clock?.Stop(settings.ApprovalTimeout);
        try
        {
            return await DecideAsync(tool, call, token).ConfigureAwait(false);
        }
        finally
        {
            Release(call.Job.Id);
            foreach (RunClock? clock in clocks) clock?.GoOn();
        }
    }

    private async Task<ToolApproval> DecideAsync(ToolDefinition tool, ToolInvocation call, string? token)
    {
        using var time = new CallTime(settings.ApprovalTimeout, settings.Clock, call.Context.CancellationToken);
        var request = new ToolApprovalRequest(tool, call.Args, call.Context, token, time.Token);
        // Call the callback on another thread, so that a blocking callback does not delay this wait.
        Task<ToolApproval> asked = call.Job.Turns.Run(() => AskSafelyAsync(request));
        try
        {
            ToolApproval decision = await asked.WaitAsync(time.Token).ConfigureAwait(false);
            // A callback that obeys its token has given up. That is not a denial.
            if (decision.IsApproved || decision.IsLater || !time.IsOver) return decision;
        }
        catch (OperationCanceledException) when (time.IsOver)
        {
        }

        throw ToolFault.Of(
            ToolCode.ApprovalTimeout, $"{tool.Name} needs an approval, and none had come after {ToolFault.Time(settings.ApprovalTimeout)} (ApprovalTimeout)");
    }

    private async Task<ToolApproval> AskSafelyAsync(ToolApprovalRequest request)
    {
        // Tools of a source may come after the host was checked.
        if (settings.OnApproval is null) return ToolApproval.Denied("this host has nobody to ask (OnToolApproval is null)");
        try
        {
            return await settings.OnApproval(request).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (request.CancellationToken.IsCancellationRequested)
        {
            return ToolApproval.Denied();
        }
#pragma warning disable CA1031 // A call is not approved if the callback fails for any reason.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.ApprovalCallbackFailed(log, request.Tool.Name, LogText.Name(request.Context.Tenant), LogText.Name(request.Context.RunId), fault);
            return ToolApproval.Denied();
        }
    }

    private async ValueTask<bool> TryReserveAsync(ToolInvocation call)
    {
        while (true)
        {
            Task released;
            lock (_gate)
            {
                if (_waiting.TryGetValue(call.Job.Id, out int calls) || _waiting.Count < settings.MaxPendingApprovals)
                {
                    _waiting[call.Job.Id] = calls + 1;
                    return true;
                }

                released = _released.Task;
            }

            // Here most decisions are "later", so a place becomes free soon: wait for it.
            if (call.Job.Determinism?.Waits is not { AreQuestions: true }) return false;
            try
            {
                await released.WaitAsync(s_moment, settings.Clock, call.Context.CancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return false;
            }
        }
    }

    private void Release(ulong job)
    {
        TaskCompletionSource released;
        lock (_gate)
        {
            if (--_waiting[job] == 0) _waiting.Remove(job);
            (released, _released) = (_released, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        released.TrySetResult();
    }
}
