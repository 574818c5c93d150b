using Enclave.Runs;
using Enclave.Tenants.Quotas;
using Enclave.Testing;

namespace Enclave.Tenants.UnitTests;

/// <summary>Hosts that share budgets in slices: together they never spend more, and what they leave is small.</summary>
public sealed class SharedQuotasTests
{
    private readonly ManualClock _clock = new();
    private readonly FakeStore _store = new();

    [Fact]
    public async Task Eight_hosts_spend_a_budget_to_its_end_and_not_further()
    {
        EnclaveTenants[] hosts = await HostsAsync(8, Make.Policy(Make.Budget(500)));
        bool[] ran = await Task.WhenAll(Enumerable.Range(0, 1200).Select((i) => Task.Run(() => RunAsync(hosts[i % 8]))));
        // Hosts that hold a slice when the others come to the end have runs left: at most a sixteenth of what was left when they took it.
        Assert.InRange(ran.Count((one) => one), 470, 500);
        // They are spent as well, by those hosts, or by all once they are given back.
        foreach (EnclaveTenants host in hosts) await host.DisposeAsync();
        EnclaveTenants last = (await HostsAsync(1, Make.Policy(Make.Budget(500))))[0];
        int more = 0;
        while (await RunAsync(last)) more++;
        Assert.Equal(500, ran.Count((one) => one) + more);
        await last.DisposeAsync();
    }

    [Fact]
    public async Task A_run_costs_no_question_while_there_is_a_slice()
    {
        EnclaveTenants host = (await HostsAsync(1, Make.Policy(Make.Budget(1_000_000))))[0];
        for (int i = 0; i < 5000; i++) Assert.True(await RunAsync(host));
        // A hundredth of the value each.
        Assert.Equal(1, _store.Questions);
        await host.DisposeAsync();
        Assert.Equal(5000, _store.Taken);
    }

    [Fact]
    public async Task Idle_hosts_give_back_what_they_have_not_used()
    {
        EnclaveTenants[] hosts = await HostsAsync(2, Make.Policy(Make.Budget(1_000_000)));
        Assert.True(await RunAsync(hosts[0]));
        Assert.Equal(10_000, _store.Taken);
        for (int i = 0; i < 4; i++) _clock.Advance(TimeSpan.FromSeconds(1));
        await Enclave.Tests.Within.Becomes(() => _store.Taken == 1, "the rest of the slice is given back");
        foreach (EnclaveTenants host in hosts) await host.DisposeAsync();
    }

    [Fact]
    public async Task Killed_hosts_take_their_slices_with_them_and_no_more()
    {
        TenantPolicy policy = Make.Policy(Make.Budget(1000));
        int ran = 0;
        for (int killed = 0; killed < 5; killed++)
        {
            EnclaveTenants host = (await HostsAsync(1, policy))[0];
            for (int i = 0; i < 33; i++) ran += await RunAsync(host) ? 1 : 0;
        }

        EnclaveTenants last = (await HostsAsync(1, policy))[0];
        while (await RunAsync(last)) ran++;
        // Each lost less than a slice, which is 10.
        Assert.InRange(ran, 1000 - (5 * 10), 1000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_store_that_is_away_is_closed_unless_the_operator_wants_it_open(bool staysOpen)
    {
        EnclaveTenants host = (await HostsAsync(1, Make.Policy(Make.Budget(10)), staysOpen))[0];
        _store.IsAway = true;
        RunPass pass = await host.Gate.EnterAsync(Make.Run(), CancellationToken.None);
        Assert.Equal(staysOpen ? null : ErrorCode.JournalUnavailable, pass.Refusal?.Code);
        _store.IsAway = false;
        Assert.True(await RunAsync(host));
    }

    [Fact]
    public async Task A_quota_that_ends_runs_gives_the_last_of_all_hosts()
    {
        TenantPolicy policy = Make.Policy(Make.Budget(31, of: QuotaMeasure.CpuSeconds, action: QuotaAction.End));
        EnclaveTenants[] hosts = await HostsAsync(2, policy);
        RunPass first = await hosts[0].Gate.EnterAsync(Make.Run(), CancellationToken.None);
        RunPass second = await hosts[1].Gate.EnterAsync(Make.Run(), CancellationToken.None);
        RunPass third = await hosts[1].Gate.EnterAsync(Make.Run(), CancellationToken.None);
        Assert.Null(first.Options.CpuTimeout);
        Assert.Equal(TimeSpan.FromSeconds(1), second.Options.CpuTimeout);
        Assert.Equal(ErrorCode.QuotaExceeded, third.Refusal!.Code);
    }

    [Fact]
    public async Task A_new_period_begins_with_new_slices_and_each_tenant_has_its_own()
    {
        EnclaveTenants[] hosts = await HostsAsync(2, Make.Policy(Make.Budget(2)));
        Assert.True(await RunAsync(hosts[0]));
        Assert.True(await RunAsync(hosts[1]));
        Assert.False(await RunAsync(hosts[0]));
        Assert.True(await RunAsync(hosts[0], "globex"));
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.True(await RunAsync(hosts[0]));
        Assert.True(await RunAsync(hosts[1]));
        Assert.False(await RunAsync(hosts[1]));
    }

    private Task<EnclaveTenants[]> HostsAsync(int hosts, TenantPolicy policy, bool staysOpen = false) =>
        Task.WhenAll(Enumerable.Range(0, hosts).Select((_) => EnclaveTenants.OpenAsync(new TenantsOptions
        {
            Policies = new TenantPolicies { Default = policy },
            TimeProvider = _clock,
            Budgets = _store,
            BudgetsStayOpen = staysOpen,
        })));

    private static async Task<bool> RunAsync(EnclaveTenants tenants, string tenant = "acme")
    {
        RunPass pass = await tenants.Gate.EnterAsync(Make.Run(tenant), CancellationToken.None);
        if (pass.Refusal is not null) return false;
        await pass.LeaveAsync(Make.Success(Make.Stats()), Make.Stats());
        return true;
    }

    /// <summary>The rules of the database, in memory.</summary>
    private sealed class FakeStore : IBudgetStore
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<BudgetKey, long> _taken = [];
        private int _questions;

        public bool IsAway { get; set; }

        public int Questions => _questions;

        public long Taken
        {
            get
            {
                lock (_gate) return _taken.Values.Sum();
            }
        }

        public ValueTask<(long Slice, long Taken)> TakeAsync(BudgetKey key, long most, long least, long need, CancellationToken cancellationToken)
        {
            if (IsAway) throw new IOException("away");
            Interlocked.Increment(ref _questions);
            lock (_gate)
            {
                long taken = _taken.GetValueOrDefault(key), left = most - taken;
                long slice = left >= least ? Math.Min(left, Math.Max(need, Math.Min(left / 16, most / 100))) : 0;
                _taken[key] = taken + slice;
                return new((slice, taken + slice));
            }
        }

        public ValueTask GiveBackAsync(BudgetKey key, long units, CancellationToken cancellationToken)
        {
            if (IsAway) throw new IOException("away");
            lock (_gate) _taken[key] -= units;
            return default;
        }
    }
}
