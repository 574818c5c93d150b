namespace Enclave.Tenants;

/// <summary>Options of <see cref="EnclaveTenants"/>.</summary>
public sealed class TenantsOptions
{
    /// <summary>The policies, from code. Default: one for all tenants that narrows nothing.</summary>
    public TenantPolicies Policies { get; set; } = new();

    /// <summary>A JSON file with the policies, in place of <see cref="Policies"/>. A change of it holds within half a second. Default: null, none.</summary>
    public string? PolicyFile { get; set; }

    /// <summary>
    /// The folder of the ledger. It is created. Quotas are kept beside it: they outlive the process, and hold over all processes of the machine that have this
    /// folder. Default: null, no ledger in files; quotas end with the process.
    /// </summary>
    public string? LedgerFolder { get; set; }

    /// <summary>Takes the rows of the ledger too. Default: null, none.</summary>
    public ILedgerSink? LedgerSink { get; set; }

    /// <summary>
    /// Tenants with a name of their own in the metrics <c>enclave.tenant.*</c> (tag <c>enclave.tenant</c>); all later ones are <c>other</c>. Range: 0 to
    /// 10,000. Default: 0, no such metrics: names of tenants may be personal data, and each is a time series.
    /// </summary>
    public int MeteredTenants { get; set; }

    /// <summary>Called for each change of a policy, in order. Its exceptions are logged. Default: null.</summary>
    public Action<TenantChange>? OnChange { get; set; }

    /// <summary>Called for each quota that has reached <see cref="TenantQuota.WarnAt"/>. Its exceptions are logged. Default: null.</summary>
    public Action<QuotaWarning>? OnWarning { get; set; }

    /// <summary>The policies of several hosts; null for none.</summary>
    internal Ledgers.ITenantStore? Source { get; set; }

    /// <summary>The budgets of several hosts; null for none.</summary>
    internal Quotas.IBudgetStore? Budgets { get; set; }

    /// <summary>True to begin runs while the store of budgets is away.</summary>
    internal bool BudgetsStayOpen { get; set; }

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
