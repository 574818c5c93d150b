using Enclave.Audit;
using Enclave.Diagnostics;
using Enclave.Journals;

namespace Enclave.Durable;

/// <summary>Measures and records what happens to the durable runs of a host.</summary>
/// <param name="metrics">Their instruments.</param>
/// <param name="audit">The audit; null for none.</param>
internal sealed class DurableWatch(DurableMetrics metrics, AuditLog? audit)
{
    public DurableMetrics Metrics => metrics;

    public void Record(DurableStep step) => audit?.Add(audit.New(AuditRecordKind.Durable) with
    {
        RunId = step.RunId,
        Tenant = step.Key.Tenant,
        Durable = step.Key.Name,
        Act = step.Act.ToString().ToLowerInvariant(),
        Outcome = step.Outcome,
        Call = step.Wait?.Call,
        Tool = step.Wait?.Name,
        Count = step.Count,
    });

    /// <summary>A run was suspended, or has ended.</summary>
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

    /// <summary>Counts an attempt to continue a run, by the outcome of the attempt.</summary>
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
