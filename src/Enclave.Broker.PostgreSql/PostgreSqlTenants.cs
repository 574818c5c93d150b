using System.Globalization;
using System.Text.Json.Nodes;
using Enclave.Broker.PostgreSql.Sessions;
using Enclave.Broker.PostgreSql.Statements;
using Enclave.Tenants;
using Enclave.Tenants.Ledgers;
using Enclave.Tenants.Policies;
using Enclave.Tenants.Quotas;
using Npgsql;

namespace Enclave.Broker.PostgreSql;

/// <summary>
/// Tenants of all hosts in one database: policies that hosts follow, budgets of the calendar that they share in slices, and the ledger, with each run once
/// (docs/tenants.md).
/// </summary>
/// <example>
/// <code>
/// await using PostgreSqlTenants store = await PostgreSqlTenants.OpenAsync(connectionString);
/// await using EnclaveTenants tenants = await EnclaveTenants.OpenAsync(new TenantsOptions().UsePostgreSql(store));
/// </code>
/// </example>
public sealed class PostgreSqlTenants : ILedgerSink, IBudgetStore, ITenantStore, IAsyncDisposable
{
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(5), s_pause = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _source;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, TenantPolicy> _own = new(StringComparer.Ordinal);
    private volatile TenantPolicies _now = new();
    private long _version;
    private Task? _following;

    private PostgreSqlTenants(NpgsqlDataSource source) => _source = source;

    TenantPolicies ITenantStore.Now => _now;

    /// <summary>Connects to a database with a migrated schema (<see cref="PostgreSqlSchema"/>), and reads the policies.</summary>
    /// <param name="connectionString">Connects as the brokers' role.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">The connection string, or a policy, is malformed.</exception>
    /// <exception cref="NpgsqlException">The database is unavailable or refused.</exception>
    public static async Task<PostgreSqlTenants> OpenAsync(string connectionString, CancellationToken cancellationToken = default)
    {
        var store = new PostgreSqlTenants(Database.Connect(connectionString, "enclave-tenants"));
        try
        {
            await store.ReadAsync(cancellationToken).ConfigureAwait(false);
            return store;
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Gives one tenant another policy. Hosts use it as soon as the database notifies them, or after 5 s.</summary>
    /// <param name="tenant">The tenant; null for the default policy.</param>
    /// <param name="policy">The policy; null to remove it.</param>
    /// <param name="by">The person or program that changes it: the table <c>enclave.policy_change</c> has who, when, from and to.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">A value is out of its range. The message names it.</exception>
    /// <exception cref="NpgsqlException">The database is unavailable or refused.</exception>
    public async Task SetPolicyAsync(string? tenant, TenantPolicy? policy, string by, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(by);
        if (policy is not null) PolicyCheck.Check(policy);
        if (tenant is not null && (tenant.Length is 0 or > 200 || OwnerKey.Text(tenant) != tenant))
            throw new ArgumentException("the name of the tenant needs 1 to 200 characters that the database can keep", nameof(tenant));
        await Database.ExecuteAsync(_source.CreateCommand(TenantStatement.SetPolicy), cancellationToken,
            tenant ?? "", policy is null ? null : PolicyJson.Write(policy).ToJsonString(), OwnerKey.Text(by)).ConfigureAwait(false);
    }

    /// <summary>Adds up runs, from the sums of each hour.</summary>
    /// <param name="by">The groups.</param>
    /// <param name="month">The month in which the runs began, as <c>2026-11</c>, in UTC; null for all.</param>
    /// <param name="tenant">Only runs of this tenant; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NpgsqlException">The database is unavailable or refused.</exception>
    public async Task<IReadOnlyList<UsageRow>> SumAsync(
        UsageGroups by = UsageGroups.Tenant, string? month = null, string? tenant = null, CancellationToken cancellationToken = default)
    {
        DateTime first = month is null ? DateTime.UnixEpoch : DateTime.SpecifyKind(
            DateTime.ParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture), DateTimeKind.Utc);
        DateTime end = month is null ? new DateTime(9999, 1, 1, 0, 0, 0, DateTimeKind.Utc) : first.AddMonths(1);
        string? form = by.HasFlag(UsageGroups.Hour) ? "YYYY-MM-DD\"T\"HH24" : by.HasFlag(UsageGroups.Day) ? "YYYY-MM-DD"
            : by.HasFlag(UsageGroups.Month) ? "YYYY-MM" : null;
        return await Database.RowsAsync(
            _source.CreateCommand(TenantStatement.Usage),
            static (row) => new UsageRow
            {
                Time = row.IsDBNull(0) ? null : row.GetString(0),
                Tenant = row.IsDBNull(1) ? null : row.GetString(1),
                Key = row.IsDBNull(2) ? null : row.GetString(2),
                Script = row.IsDBNull(3) ? null : row.GetString(3),
                Runs = row.GetInt64(4),
                Failed = row.GetInt64(5),
                Lost = row.GetInt64(6),
                NotBegun = row.GetInt64(7),
                CpuMs = row.GetDouble(8),
                WallMs = row.GetDouble(9),
                ToolCalls = row.GetInt64(10),
                BytesIn = row.GetInt64(11),
                BytesOut = row.GetInt64(12),
            },
            cancellationToken, form, by.HasFlag(UsageGroups.Tenant), by.HasFlag(UsageGroups.Key), by.HasFlag(UsageGroups.Script), first, end,
            OwnerKey.Text(tenant)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        await Database.ExecuteAsync(
            _source.CreateCommand(TenantStatement.Ledger),
            cancellationToken,
            rows.Select((row) => row.Id).ToArray(),
            rows.Select((row) => OwnerKey.Text(row.Tenant)).ToArray(),
            rows.Select((row) => OwnerKey.Text(row.Key)).ToArray(),
            rows.Select((row) => OwnerKey.Text(row.Script)!).ToArray(),
            rows.Select((row) => row.Begin.UtcDateTime).ToArray(),
            rows.Select((row) => row.ToJsonString()).ToArray(),
            rows.Select((row) => LedgerUse.CountsAsRun(row)).ToArray(),
            rows.Select((row) => LedgerUse.HasFailed(row)).ToArray(),
            rows.Select((row) => row.Outcome == RowJournal.Lost).ToArray(),
            rows.Select((row) => !row.Began && row.Outcome != RowJournal.Lost).ToArray(),
            rows.Select((row) => row.CpuMs).ToArray(),
            rows.Select((row) => row.WallMs).ToArray(),
            rows.Select((row) => row.ToolCalls).ToArray(),
            rows.Select((row) => row.BytesIn).ToArray(),
            rows.Select((row) => row.BytesOut).ToArray()).ConfigureAwait(false);
    }

    async ValueTask<(long Slice, long Taken)> IBudgetStore.TakeAsync(BudgetKey key, long most, long least, long need, CancellationToken cancellationToken)
    {
        long first = most >= least ? Math.Min(most, Math.Max(need, most / 100)) : 0;
        try
        {
            return (await Database.RowsAsync(_source.CreateCommand(TenantStatement.Take), static (row) => (row.GetInt64(0), row.GetInt64(1)),
                cancellationToken, OwnerKey.Text(key.Book), OwnerKey.Text(key.Counter), key.Period, most, least, need, first).ConfigureAwait(false))[0];
        }
        catch (Exception fault) when (Database.IsOutage(fault))
        {
            throw new IOException($"the database of budgets is away: {fault.Message}", fault);
        }
    }

    async ValueTask IBudgetStore.GiveBackAsync(BudgetKey key, long units, CancellationToken cancellationToken)
    {
        try
        {
            await Database.ExecuteAsync(_source.CreateCommand(TenantStatement.GiveBack), cancellationToken,
                OwnerKey.Text(key.Book), OwnerKey.Text(key.Counter), key.Period, units).ConfigureAwait(false);
        }
        catch (Exception fault) when (Database.IsOutage(fault))
        {
            throw new IOException($"the database of budgets is away: {fault.Message}", fault);
        }
    }

    void ITenantStore.Follow(Action<TenantPolicies, string> changed, Action<string> failed) => _following = Task.Run(() => FollowAsync(changed, failed));

    async Task ITenantStore.SaveAsync(string tenant, TenantPolicy policy, string by, CancellationToken cancellationToken)
    {
        try
        {
            await SetPolicyAsync(tenant, policy, by, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (Database.IsOutage(fault))
        {
            throw new IOException($"the database of policies is away: {fault.Message}", fault);
        }
    }

    async Task<IReadOnlyList<UsageRow>> ITenantStore.SumAsync(UsageGroups by, string? month, string? tenant, CancellationToken cancellationToken)
    {
        try
        {
            return await SumAsync(by, month, tenant, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (Database.IsOutage(fault))
        {
            throw new IOException($"the database of the ledger is away: {fault.Message}", fault);
        }
    }

    /// <summary>Stops following. Dispose the tenants first.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_following is not null) await _following.ConfigureAwait(false);
        await _source.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    /// <summary>Reads what has changed. Returns the person or program of the last change; null if there was none.</summary>
    private async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        List<(string Tenant, string? Policy, long Version, string By)> rows = await Database.RowsAsync(
            _source.CreateCommand(TenantStatement.Policies),
            static (row) => (row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetInt64(2), row.GetString(3)),
            cancellationToken, _version).ConfigureAwait(false);
        if (rows.Count == 0) return null;
        TenantPolicy usual = _now.Default;
        foreach ((string tenant, string? text, long version, _) in rows)
        {
            TenantPolicy? policy = text is null ? null : PolicyJson.ReadPolicy(JsonNode.Parse(text)!.AsObject());
            if (tenant.Length == 0) usual = policy ?? new TenantPolicy();
            else if (policy is null) _own.Remove(tenant);
            else _own[tenant] = policy;
            _version = version;
        }

        _now = _now with { Default = usual, Tenants = new Dictionary<string, TenantPolicy>(_own, StringComparer.Ordinal) };
        return rows[^1].By;
    }

    private async Task FollowAsync(Action<TenantPolicies, string> changed, Action<string> failed)
    {
        CancellationToken stop = _stop.Token;
        string? fault = null;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                NpgsqlConnection connection = await _source.OpenConnectionAsync(stop).ConfigureAwait(false);
                await using (connection.ConfigureAwait(false))
                {
                    await Database.ExecuteAsync(new NpgsqlCommand($"LISTEN {TenantStatement.Channel}", connection), stop).ConfigureAwait(false);
                    while (true)
                    {
                        if (await ReadAsync(stop).ConfigureAwait(false) is { } by) changed(_now, by);
                        fault = null;
                        // A notification may be lost with a connection, so the loop also reads the policies again after each poll interval.
                        await connection.WaitAsync(s_poll, stop).ConfigureAwait(false);
                    }
                }
            }
            catch (Exception broken) when (!stop.IsCancellationRequested
                && (Database.IsOutage(broken) || broken is ArgumentException or System.Text.Json.JsonException))
            {
                if (fault != broken.Message) failed(fault = broken.Message);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(s_pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
