using Enclave.Broker.PostgreSql.Tests.Servers;
using Enclave.Runs;
using Enclave.Tenants;
using Enclave.Tenants.Quotas;
using Enclave.Tests;

namespace Enclave.Broker.PostgreSql.Tests.Tenants;

/// <summary>Tenants of several hosts in one database: no budget is overspent, each run has one row, and all follow a change.</summary>
public sealed class TenantStoreTests(PostgresServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hosts_follow_a_change_of_a_policy_and_the_audit_has_it()
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        await using PostgreSqlTenants one = await PostgreSqlTenants.OpenAsync(database.Broker, Token);
        await one.SetPolicyAsync("acme", new TenantPolicy { Concurrency = 2 }, "ann", Token);
        await one.SetPolicyAsync(null, new TenantPolicy { Concurrency = 9 }, "ann", Token);
        await using PostgreSqlTenants other = await PostgreSqlTenants.OpenAsync(database.Broker, Token);
        await using EnclaveTenants tenants = await EnclaveTenants.OpenAsync(new TenantsOptions().UsePostgreSql(other), null, Token);
        Assert.Equal((2, 9), (tenants.Policies.Tenants["acme"].Concurrency, tenants.Policies.Default.Concurrency));

        await one.SetPolicyAsync("acme", new TenantPolicy { State = TenantState.Suspended }, "bob", Token);
        await Within.Becomes(() => tenants.Policies.Tenants["acme"].State == TenantState.Suspended, "the host follows");
        await one.SetPolicyAsync("acme", null, "bob", Token);
        await Within.Becomes(() => !tenants.Policies.Tenants.ContainsKey("acme"), "the policy is gone");

        Assert.Equal(["ann acme", "ann ", "bob acme", "bob acme"],
            await database.ColumnAsync<string>("SELECT changed_by || ' ' || tenant FROM enclave.policy_change ORDER BY version"));
        Assert.Contains("suspended", await database.ScalarAsync<string>("SELECT after FROM enclave.policy_change ORDER BY version LIMIT 1 OFFSET 2"),
            StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => one.SetPolicyAsync("a\0b", new TenantPolicy(), "ann", Token));
    }

    [Fact]
    public async Task Eight_hosts_under_kills_never_overspend_and_each_run_has_one_row()
    {
        const int Value = 2000;
        await using StoreDatabase database = await server.DatabaseAsync();
        await using PostgreSqlTenants operators = await PostgreSqlTenants.OpenAsync(database.Broker, Token);
        await operators.SetPolicyAsync(null, new TenantPolicy
        {
            Quotas = [new TenantQuota { Of = QuotaMeasure.Runs, Kind = QuotaKind.Budget, Value = Value, Per = "year" }],
        }, "ann", Token);
        int[] ran = await Task.WhenAll(Enumerable.Range(0, 8).Select((i) => Task.Run(() => HostAsync(database, kills: i % 2 == 0 ? 3 : 0))));

        int all = ran.Sum();
        // A killed host takes its slice with it: at most a hundredth of the value each.
        Assert.InRange(all, Value - (12 * Value / 100) - (8 * Value / 100), Value);
        TestContext.Current.TestOutputHelper?.WriteLine($"{all} of {Value} runs");
        Assert.Equal(all, await database.ScalarAsync<long>("SELECT count(*) FROM enclave.ledger"));
        Assert.Equal(all, (await operators.SumAsync(cancellationToken: Token)).Sum((row) => row.Runs));
    }

    [Fact]
    public async Task Rows_that_come_twice_count_once_and_usage_adds_up_by_hour_day_and_month()
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        await using PostgreSqlTenants store = await PostgreSqlTenants.OpenAsync(database.Broker, Token);
        LedgerRow[] rows = [.. Enumerable.Range(0, 300).Select((i) => new LedgerRow
        {
            Id = $"row-{i}",
            RunId = $"run-{i}",
            Tenant = i % 3 == 0 ? "a\0b" : i % 3 == 1 ? "globex" : null,
            PolicyVersion = "1",
            Script = "a.js",
            Begin = new DateTimeOffset(2026, 11, 30, 22, 0, 0, TimeSpan.Zero) + TimeSpan.FromMinutes(i),
            Began = true,
            Outcome = i % 10 == 0 ? "TIMEOUT" : "OK",
            CpuMs = 2,
            ToolCalls = 1,
        })];
        await store.WriteAsync(rows[..200], Token);
        await store.WriteAsync(rows, Token);

        UsageRow all = Assert.Single(await store.SumAsync(UsageGroups.None, cancellationToken: Token));
        Assert.Equal((300, 30, 600.0, 300), (all.Runs, all.Failed, all.CpuMs, all.ToolCalls));
        Assert.Equal([("2026-11", 120L), ("2026-12", 180L)],
            (await store.SumAsync(UsageGroups.Month, cancellationToken: Token)).Select((row) => (row.Time!, row.Runs)));
        Assert.Equal(5, (await store.SumAsync(UsageGroups.Hour, cancellationToken: Token)).Count);
        Assert.Equal(120, (await store.SumAsync(UsageGroups.None, "2026-11", cancellationToken: Token)).Single().Runs);
        Assert.Equal(100, (await store.SumAsync(UsageGroups.Tenant, tenant: "globex", cancellationToken: Token)).Single().Runs);
        Assert.Equal(3, (await store.SumAsync(UsageGroups.Tenant, cancellationToken: Token)).Count);
    }

    [Fact]
    public async Task A_database_that_is_away_refuses_what_needs_a_slice_and_its_rows_come_later()
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        await using PostgreSqlTenants store = await PostgreSqlTenants.OpenAsync(database.Broker, Token);
        await store.SetPolicyAsync(null, new TenantPolicy
        {
            Quotas = [new TenantQuota { Of = QuotaMeasure.Runs, Kind = QuotaKind.Budget, Value = 1000, Per = "year" }],
        }, "ann", Token);
        await using EnclaveTenants tenants = await EnclaveTenants.OpenAsync(new TenantsOptions().UsePostgreSql(store), null, Token);
        await Within.Becomes(() => tenants.Policies.Default.Quotas.Count == 1, "the policy is there");
        Assert.True(await RunAsync(tenants));
        await database.ExecuteAsync("REVOKE ALL ON enclave.budget, enclave.ledger FROM enclave_broker");

        int ran = 1;
        ErrorCode? refusal = null;
        while (refusal is null && ran < 100)
        {
            RunPass pass = await EnterAsync(tenants);
            refusal = pass.Refusal?.Code;
            if (refusal is null) await LeaveAsync(pass);
            if (refusal is null) ran++;
        }

        // The slice that it had: a hundredth.
        Assert.Equal((10, ErrorCode.JournalUnavailable), (ran, refusal));
        await database.ExecuteAsync("GRANT SELECT, INSERT, UPDATE ON enclave.budget, enclave.ledger TO enclave_broker");
        Assert.True(await RunAsync(tenants));
        await tenants.DisposeAsync();
        Assert.Equal(11, await database.ScalarAsync<long>("SELECT count(*) FROM enclave.ledger"));
    }

    /// <summary>A host that runs to the end of the budget, and is killed some times on its way: it gives nothing back.</summary>
    private static async Task<int> HostAsync(StoreDatabase database, int kills)
    {
        int ran = 0;
        for (int life = 0; ; life++)
        {
            PostgreSqlTenants store = await PostgreSqlTenants.OpenAsync(database.Broker, Token);
            var sink = new CountingSink(store);
            TenantsOptions options = new TenantsOptions().UsePostgreSql(store);
            options.LedgerSink = sink;
            var kept = new KilledStore(store);
            options.Budgets = kept;
            EnclaveTenants tenants = await EnclaveTenants.OpenAsync(options, null, Token);
            int most = life < kills ? 40 : int.MaxValue, mine = 0;
            while (mine < most && await RunAsync(tenants)) mine++;
            ran += mine;
            // The rows of a killed host that has no folder are those that had arrived.
            await Within.Becomes(() => sink.Written == mine, "the rows have arrived");
            kept.IsKilled = life < kills;
            if (kept.IsKilled) continue;
            await tenants.DisposeAsync();
            await store.DisposeAsync();
            return ran;
        }
    }

    private static ValueTask<RunPass> EnterAsync(EnclaveTenants tenants) => tenants.Gate.EnterAsync(
        new GateRequest(new RunOptions { Tenant = "acme" }, Guid.NewGuid().ToString("n"), new AnyHost()), Token);

    private static async Task LeaveAsync(RunPass pass) => await pass.LeaveAsync(null, new ExecutionStats { WorkerId = 1 });

    private static async Task<bool> RunAsync(EnclaveTenants tenants)
    {
        RunPass pass = await EnterAsync(tenants);
        if (pass.Refusal is not null) return false;
        await LeaveAsync(pass);
        return true;
    }

    private sealed class CountingSink(ILedgerSink next) : ILedgerSink
    {
        private int _written;

        public int Written => Volatile.Read(ref _written);

        public async ValueTask WriteAsync(IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken)
        {
            await next.WriteAsync(rows, cancellationToken);
            Interlocked.Add(ref _written, rows.Count);
        }
    }

    /// <summary>The budgets of a host that gives nothing back once it is killed.</summary>
    private sealed class KilledStore(IBudgetStore store) : IBudgetStore
    {
        public volatile bool IsKilled;

        public ValueTask<(long Slice, long Taken)> TakeAsync(BudgetKey key, long most, long least, long need, CancellationToken cancellationToken) =>
            store.TakeAsync(key, most, least, need, cancellationToken);

        public ValueTask GiveBackAsync(BudgetKey key, long units, CancellationToken cancellationToken) =>
            IsKilled ? default : store.GiveBackAsync(key, units, cancellationToken);
    }

    private sealed class AnyHost : IGateHost
    {
        public SecurityLevel Level => SecurityLevel.Standard;

        public LimitOptions LimitsOf(RunOptions run) => run;

        public Guard.GuardPreset PresetOf(RunOptions run) => Guard.GuardPreset.AgentScript;
    }
}
