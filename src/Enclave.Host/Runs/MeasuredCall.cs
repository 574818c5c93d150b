using System.Diagnostics;
using Enclave.Diagnostics;
using Enclave.Protocol;

namespace Enclave.Runs;

/// <summary>
/// A tool call with its time and its activity. The activity is current where the tool runs, so that the tool's own requests join the run's trace.
/// </summary>
internal static class MeasuredCall
{
    public static ValueTask<ScriptValue> CallAsync(ToolInvocation call) =>
        (call.Job.Meter is null && call.Job.Caller is null) || TimerWait.Is(call) ? call.Job.Tools.CallAsync(call) : MeasureAsync(call);

    private static async ValueTask<ScriptValue> MeasureAsync(ToolInvocation call)
    {
        IRunMeter? run = call.Job.Meter;
        long started = Stopwatch.GetTimestamp();
        using Activity? activity = run?.StartTool(call.Name, call.Id);
        // If no listener collects Enclave's activities, the tool's activities join the caller's own.
        if (activity is null && call.Job.Caller is { IsStopped: false } caller) Activity.Current = caller;
        string outcome = "ok";
        try
        {
            return await call.Job.Tools.CallAsync(call).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            outcome = fault is OperationCanceledException && call.Context.CancellationToken.IsCancellationRequested ? "cancelled" : "error";
            if (activity is not null) EnclaveActivities.Fail(activity, (fault as ToolException)?.Code ?? ErrorCode.ToolError.ToCode());
            throw;
        }
        finally
        {
            activity?.SetTag(TelemetryNames.OutcomeTag, outcome);
            run?.ToolAnswered(call.Name, outcome, Stopwatch.GetElapsedTime(started));
        }
    }
}
