using Enclave.Diagnostics;
using Enclave.Runs;
using Enclave.Tenants.Quotas;

namespace Enclave.Tenants.Admission;

/// <summary>The pass of a run that may begin.</summary>
/// <param name="accounts">Its quotas and its row.</param>
/// <param name="reserved">Its reservation.</param>
/// <param name="left">Called when it has left.</param>
internal sealed class TenantPass(RunAccounts accounts, Reservation reserved, Action left) : RunPass
{
    /// <inheritdoc/>
    public override ExecutionError WhyEnded => TenantTexts.Suspended(Options.Tenant, TenantState.Suspended);

    /// <inheritdoc/>
    public override async ValueTask<ExecutionResult?> LeaveAsync(ExecutionResult? result, ExecutionStats stats)
    {
        try
        {
            if (result?.Error is { } error && EndedBy(error) is { } demand)
                result = result with { Error = TenantTexts.Ended(Options.Tenant, demand.Rule, demand.Amount) };
            string outcome = result is null ? TelemetryNames.CallerCancelled : result.Error?.Code.ToCode() ?? TelemetryNames.Ok;
            await accounts.SettleAsync(reserved, outcome, stats, Waited).ConfigureAwait(false);
            return result is null ? null : result with { PolicyVersion = Options.PolicyVersion };
        }
        finally
        {
            left();
        }
    }

    /// <summary>The quota whose rest the run has used up; null if it met another limit, or none.</summary>
    private QuotaDemand? EndedBy(ExecutionError error)
    {
        if (reserved.Run!.Asked is not { } asked) return null;
        string? reason = error.Data?.GetValueOrDefault("reason") as string;
        QuotaMeasure? of = error.Code switch
        {
            ErrorCode.Timeout => reason == "cpu" ? QuotaMeasure.CpuSeconds : QuotaMeasure.WorkerSeconds,
            ErrorCode.MaxToolCalls when reason == "total" => QuotaMeasure.ToolCalls,
            _ => null,
        };
        foreach ((QuotaDemand now, QuotaDemand before) in reserved.Run.Demands.Zip(asked))
        {
            if (now.Rule.Quota.Of == of && now.Amount < before.Amount) return now;
        }

        return null;
    }
}
