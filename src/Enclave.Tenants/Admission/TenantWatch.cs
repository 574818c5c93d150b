using System.Diagnostics.Metrics;
using Enclave.Diagnostics;
using Enclave.Tenants.Policies;
using Microsoft.Extensions.Logging;

namespace Enclave.Tenants.Admission;

/// <summary>The gate for operators: figures without names of tenants, and log messages with them.</summary>
/// <param name="log">The log.</param>
/// <param name="warned">Called for a quota that has reached its share to warn from; null for none.</param>
internal sealed partial class TenantWatch(ILogger log, Action<QuotaWarning>? warned)
{
    private static readonly Meter s_meter = new("Enclave.Tenants");
    private static readonly Counter<long> s_refused = s_meter.CreateCounter<long>("enclave.tenants.refused", "{run}", "Runs that the gate refused, by reason.");
    private static readonly Counter<long> s_warned = s_meter.CreateCounter<long>("enclave.tenants.warnings", "{warning}", "Quotas that reached their share.");
    private static readonly Counter<long> s_failed = s_meter.CreateCounter<long>(
        "enclave.tenants.ledger_failures", "{failure}", "Writes to the ledger that failed.");

    public static void Refused(ExecutionError error) => s_refused.Add(1, new KeyValuePair<string, object?>("code", error.Code.ToCode()));

    public void Warned(string? tenant, QuotaRule rule)
    {
        s_warned.Add(1, Tags(rule));
        LogWarned(log, LogText.Name(tenant), rule.Text);
        if (warned is null) return;
        try
        {
            warned(new QuotaWarning(tenant, rule.Quota));
        }
#pragma warning disable CA1031 // The application's handler does not fail runs.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            HandlerFailed(fault);
        }
    }

    public void LedgerFailed(Exception fault)
    {
        s_failed.Add(1);
        LogLedgerFailed(log, fault.Message);
    }

    public void Changed(TenantChange change) => LogChanged(log, LogText.Name(change.Tenant), change.By, change.To?.State.ToString() ?? "none");

    public void HandlerFailed(Exception fault) => LogHandlerFailed(log, fault);

    public void NotRead(string source, string why) => LogNotRead(log, source, why);

    private static KeyValuePair<string, object?>[] Tags(QuotaRule rule) =>
        [new("of", QuotaRule.Name(rule.Quota.Of)), new("kind", QuotaRule.Name(rule.Quota.Kind))];

    [LoggerMessage(301, LogLevel.Warning, "tenant {Tenant} has reached the share of its quota to warn from: {Quota}")]
    private static partial void LogWarned(ILogger log, string? tenant, string quota);

    [LoggerMessage(302, LogLevel.Error, "the ledger cannot be written: {Why}")]
    private static partial void LogLedgerFailed(ILogger log, string why);

    [LoggerMessage(303, LogLevel.Information, "the policy of tenant {Tenant} was changed by {By}: its state is {State}")]
    private static partial void LogChanged(ILogger log, string? tenant, string by, string state);

    [LoggerMessage(304, LogLevel.Error, "the policies of {Source} cannot be read, and those before them stay: {Why}")]
    private static partial void LogNotRead(ILogger log, string source, string why);

    [LoggerMessage(305, LogLevel.Error, "a handler of the application for tenants failed")]
    private static partial void LogHandlerFailed(ILogger log, Exception fault);
}
