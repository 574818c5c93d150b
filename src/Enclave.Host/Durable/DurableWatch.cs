using Enclave.Diagnostics;
using Enclave.Journals;

namespace Enclave.Durable;

/// <summary>Measures and records what happens to the durable runs of a host.</summary>
/// <param name="metrics">Their instruments.</param>
/// <param name="record">Takes what is audited; null for no audit.</param>
internal sealed class DurableWatch(DurableMetrics metrics, Action<DurableStep>? record)
{
    public DurableMetrics Metrics => metrics;

    public void Record(DurableStep step) => record?.Invoke(step);

    /// <summary>A run was put aside, or has ended.</summary>
    public void Left(StoredRun run, string runId)
    {
        if (run.State == DurableRunState.Suspended)
        {
            metrics.PutAside(run.Waits is [var wait, ..] ? wait.Kind.ToString().ToLowerInvariant() : null, run.Bytes);
            Record(new DurableStep(DurableAct.Suspend, run.Key, runId));
            return;
        }

        metrics.Left(run.Bytes);
        Record(new DurableStep(run.Outcome == ErrorCode.Cancelled.ToCode() ? DurableAct.Cancel : DurableAct.End, run.Key, runId, run.Outcome));
    }

    /// <summary>Counts an attempt to go on with a run by its end.</summary>
    public async Task<DurableRun> CountAsync(Task<DurableRun> resumed)
    {
        try
        {
            DurableRun run = await resumed.ConfigureAwait(false);
            metrics.Woke(run.IsDelayed ? "delayed" : run.State.ToString());
            return run;
        }
        catch (JournalException fault)
        {
            metrics.Woke(fault.Fault.ToString());
            throw;
        }
    }
}
