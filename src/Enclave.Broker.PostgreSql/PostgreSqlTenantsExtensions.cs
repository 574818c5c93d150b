using Enclave.Tenants;

namespace Enclave.Broker.PostgreSql;

/// <summary>Gives tenants a database.</summary>
public static class PostgreSqlTenantsExtensions
{
    /// <summary>
    /// Lets policies, budgets of the calendar and the ledger be those of a database. <see cref="TenantsOptions.Policies"/>,
    /// <see cref="TenantsOptions.PolicyFile"/> and <see cref="TenantsOptions.LedgerFolder"/> are not used then. Rates, concurrency and budgets of a stretch of
    /// time hold on each host.
    /// </summary>
    /// <param name="options">The options.</param>
    /// <param name="store">The database. Dispose it after the tenants.</param>
    /// <param name="staysOpen">
    /// True to begin runs while the database is away: then budgets may be overspent until it is back. Default: false; a run that needs a further slice is
    /// refused (<c>JOURNAL_UNAVAILABLE</c>).
    /// </param>
    public static TenantsOptions UsePostgreSql(this TenantsOptions options, PostgreSqlTenants store, bool staysOpen = false)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(store);
        (options.Source, options.Budgets, options.BudgetsStayOpen, options.LedgerSink) = (store, store, staysOpen, store);
        return options;
    }
}
