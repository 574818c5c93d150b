using Enclave.Runs;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Tenants.UnitTests;

/// <summary>One version of one policy judges each run, and a run that has no room is refused, waits or is ended as the policy says.</summary>
public sealed class TenantGateTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task The_third_run_of_a_day_is_refused_with_the_time_of_the_next_one()
    {
        await using EnclaveTenants tenants = await OpenAsync(Make.Policy(Make.Budget(2)));
        Assert.True(await RunAsync(tenants));
        Assert.True(await RunAsync(tenants));

        RunPass third = await EnterAsync(tenants);

        Assert.Equal(ErrorCode.QuotaExceeded, third.Refusal!.Code);
        Assert.Equal((2.0, 2.0, "2 runs per day"), (third.Refusal.Data!["used"], third.Refusal.Data["limit"], third.Refusal.Data["quota"]));
        Assert.Equal(TimeSpan.FromDays(1), third.Refusal.RetryAfter());
        Assert.Contains("there is room at 1970-01-03T00:00:00Z", third.Refusal.Message, StringComparison.Ordinal);
        Assert.True(await RunAsync(tenants, "other"));
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.True(await RunAsync(tenants));
    }

    [Fact]
    public async Task Many_threads_at_once_get_the_value_and_not_one_more()
    {
        await using EnclaveTenants tenants = await OpenAsync(Make.Policy(Make.Budget(500), Make.Budget(200, scope: QuotaScope.All)));
        bool[] ran = await Task.WhenAll(Enumerable.Range(0, 2000).Select((i) => Task.Run(async () => await RunAsync(tenants))));
        Assert.Equal(200, ran.Count((one) => one));
    }

    [Fact]
    public async Task A_quota_of_all_is_shared_by_the_tenants_that_have_it()
    {
        TenantPolicy policy = Make.Policy(Make.Budget(3, scope: QuotaScope.All));
        await using EnclaveTenants tenants = await OpenAsync(new TenantPolicies { Default = policy });
        Assert.True(await RunAsync(tenants, "one"));
        Assert.True(await RunAsync(tenants, "two"));
        Assert.True(await RunAsync(tenants, "three"));
        Assert.False(await RunAsync(tenants, "one"));
        Assert.False(await RunAsync(tenants, "four"));
    }

    [Fact]
    public async Task Each_key_has_its_own_quota()
    {
        await using EnclaveTenants tenants = await OpenAsync(Make.Policy(Make.Budget(1, scope: QuotaScope.Key)));
        Assert.True(await RunAsync(tenants, key: "ann"));
        Assert.False(await RunAsync(tenants, key: "ann"));
        Assert.True(await RunAsync(tenants, key: "bob"));
    }

    [Fact]
    public async Task A_run_must_have_room_for_all_that_its_limits_allow()
    {
        await using EnclaveTenants tenants = await OpenAsync(Make.Policy(Make.Budget(40, of: QuotaMeasure.CpuSeconds)));
        RunPass first = await EnterAsync(tenants);
        Assert.Null(first.Refusal);
        // 30 s each by the host's limits.
        Assert.Equal(ErrorCode.QuotaExceeded, (await EnterAsync(tenants)).Refusal!.Code);
        Assert.Null((await EnterAsync(tenants, options: new RunOptions { CpuTimeout = TimeSpan.FromSeconds(5) })).Refusal);

        await first.LeaveAsync(Make.Success(Make.Stats(cpuMs: 100)), Make.Stats(cpuMs: 100));

        Assert.Null((await EnterAsync(tenants)).Refusal);
    }

    [Fact]
    public async Task A_quota_that_ends_runs_gives_what_is_left_and_names_itself_when_that_is_used_up()
    {
        await using EnclaveTenants tenants = await OpenAsync(
            Make.Policy(Make.Budget(31, of: QuotaMeasure.CpuSeconds, action: QuotaAction.End)));
        RunPass first = await EnterAsync(tenants), second = await EnterAsync(tenants);
        Assert.Null(first.Options.CpuTimeout);
        Assert.Equal(TimeSpan.FromSeconds(1), second.Options.CpuTimeout);

        ExecutionResult ended = (await second.LeaveAsync(Make.Failure(ErrorCode.Timeout, Make.Stats(1000), "cpu"), Make.Stats(1000)))!;
        ExecutionResult own = (await first.LeaveAsync(Make.Failure(ErrorCode.Timeout, Make.Stats(30_000), "cpu"), Make.Stats(30_000)))!;

        Assert.Equal(ErrorCode.QuotaExceeded, ended.Error!.Code);
        Assert.Equal(ErrorCode.Timeout, own.Error!.Code);
        Assert.Equal(ErrorCode.QuotaExceeded, (await EnterAsync(tenants)).Refusal!.Code);
    }

    [Fact]
    public async Task A_policy_lowers_limits_and_rules_and_never_raises_them()
    {
        await using EnclaveTenants tenants = await OpenAsync(new TenantPolicy
        {
            Limits = new TenantLimits { Timeout = TimeSpan.FromSeconds(5), MaxToolCalls = 200 },
            Preset = Guard.GuardPreset.Secure,
            Tools = ["orders:*", "now"],
            Origins = ["https://*.example.com"],
        });
        RunOptions run = (await EnterAsync(tenants, options: new RunOptions { Preset = Guard.GuardPreset.JavaScript })).Options;
        Assert.Equal((TimeSpan.FromSeconds(5), null, Guard.GuardPreset.Secure), (run.Timeout, run.MaxToolCalls, run.Preset));
        Assert.Null((await EnterAsync(tenants)).Options.Preset);
        Assert.Equal(TimeSpan.FromSeconds(1), (await EnterAsync(tenants, options: new RunOptions { Timeout = TimeSpan.FromSeconds(1) })).Options.Timeout);
        Assert.All((string[])["orders:list", "now", "fetch", "orders:"], (name) => Assert.True(run.AllowsTool!(name), name));
        Assert.All((string[])["orders", "then", "nowhere", "users:list"], (name) => Assert.False(run.AllowsTool!(name), name));
        Assert.True(run.AllowsOrigin!(new Uri("https://api.example.com/x")));
        Assert.All((string[])["http://api.example.com/", "https://example.com/", "https://example.com.evil.test/", "https://api.example.com:444/"],
            (address) => Assert.False(run.AllowsOrigin!(new Uri(address)), address));
    }

    [Fact]
    public async Task A_run_that_may_know_learns_what_is_left_of_its_quotas()
    {
        TenantPolicy policy = Make.Policy(
            Make.Budget(3), Make.Budget(100, of: QuotaMeasure.CpuSeconds) with { Name = "cpu" }, Make.Budget(10, scope: QuotaScope.All) with { Name = "all" });
        await using EnclaveTenants tenants = await OpenAsync(policy with { ShowsLimits = true }), silent = await OpenAsync(policy);
        Assert.True(await RunAsync(tenants));

        RunPass pass = await EnterAsync(tenants), quiet = await EnterAsync(silent);
        RunPass asked = await EnterAsync(silent, options: new RunOptions { ShowsLimits = true });

        Assert.Equal((true, null), (pass.Options.ShowsLimits, quiet.Options.QuotasLeft));
        IReadOnlyDictionary<string, double> left = await pass.Options.QuotasLeft!(CancellationToken.None);
        // The first run used 1 ms.
        Assert.Equal([("3 runs per day", 1), ("all", 8), ("cpu", 99.999)], left.Select((one) => (one.Key, one.Value)).Order());
        Assert.Equal(1, (await asked.Options.QuotasLeft!(CancellationToken.None))["3 runs per day"]);
    }

    [Fact]
    public async Task Each_reason_has_its_own_code_message_and_count()
    {
        await using EnclaveTenants tenants = await OpenAsync(Make.Policy(Make.Budget(1)) with { Concurrency = 1, MaxWait = TimeSpan.Zero });
        using var meter = new System.Diagnostics.Metrics.MeterListener();
        var counted = new List<string>();
        meter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "enclave.tenants.refused") listener.EnableMeasurementEvents(instrument);
        };
        meter.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            // Gates of other tests count too.
            lock (counted) counted.Add((string)tags[0].Value!);
        });
        meter.Start();

        RunPass first = await EnterAsync(tenants), share = await EnterAsync(tenants);
        await first.LeaveAsync(Make.Success(Make.Stats()), Make.Stats());
        RunPass quota = await EnterAsync(tenants);
        tenants.SetState("acme", TenantState.Suspended, "ann");
        RunPass suspended = await EnterAsync(tenants);

        ExecutionError[] refusals = [share.Refusal!, quota.Refusal!, suspended.Refusal!];
        ErrorCode[] codes = [ErrorCode.ShareFull, ErrorCode.QuotaExceeded, ErrorCode.TenantSuspended];
        Assert.Equal(codes, refusals.Select((one) => one.Code));
        Assert.All(refusals, (one) => Assert.EndsWith($": docs/errors/{one.Code.ToCode()}.md", one.Message, StringComparison.Ordinal));
        Assert.Equal(codes.Order().Select((code) => (code, 1L)), tenants.Gate.Refused.Select((one) => (one.Key, one.Value)).Order());
        lock (counted) Assert.All(codes, (code) => Assert.Contains(code.ToCode(), counted));
    }

    [Fact]
    public async Task A_weaker_host_and_an_unknown_tenant_are_refused()
    {
        TenantPolicies policies = Make.Of("acme", new TenantPolicy { Level = SecurityLevel.Secure }) with { Unknown = UnknownTenants.Refuse };
        await using EnclaveTenants tenants = await OpenAsync(policies);
        Assert.Equal(ErrorCode.IsolationUnavailable, (await EnterAsync(tenants)).Refusal!.Code);
        Assert.Null((await tenants.Gate.EnterAsync(Make.Run(level: SecurityLevel.Strict), default)).Refusal);
        Assert.Equal(ErrorCode.TenantUnknown, (await EnterAsync(tenants, "globex")).Refusal!.Code);
        Assert.Equal(ErrorCode.TenantUnknown, (await EnterAsync(tenants, null)).Refusal!.Code);
    }

    [Fact]
    public async Task A_suspension_ends_running_runs_and_refuses_waiting_ones_at_once()
    {
        await using EnclaveTenants tenants = await OpenAsync(new TenantPolicy { Concurrency = 1 });
        RunPass running = await EnterAsync(tenants), other = await EnterAsync(tenants, "globex");
        Task<RunPass> waiting = EnterAsync(tenants).AsTask();
        Assert.False(waiting.IsCompleted);
        var ended = new TaskCompletionSource();
        running.Ending.Register(ended.SetResult);

        tenants.SetState("acme", TenantState.Suspended, "test");

        await Within.Deadline(ended.Task, "end of the running run");
        Assert.Equal(ErrorCode.TenantSuspended, (await Within.Deadline(waiting, "refusal of the waiting run")).Refusal!.Code);
        Assert.Equal(ErrorCode.TenantSuspended, running.WhyEnded.Code);
        Assert.False(other.Ending.IsCancellationRequested);
        Assert.Equal(ErrorCode.TenantSuspended, (await EnterAsync(tenants)).Refusal!.Code);
        await running.LeaveAsync(null, new ExecutionStats());
        tenants.SetState("acme", TenantState.Active, "test");
        RunPass after = await EnterAsync(tenants);
        Assert.Null(after.Refusal);
        Assert.False(after.Ending.IsCancellationRequested);
    }

    [Fact]
    public async Task A_drained_tenant_keeps_its_running_runs()
    {
        await using EnclaveTenants tenants = await OpenAsync(new TenantPolicy());
        RunPass running = await EnterAsync(tenants);
        tenants.SetState("acme", TenantState.Draining, "test");
        Assert.False(running.Ending.IsCancellationRequested);
        Assert.Equal(ErrorCode.TenantSuspended, (await EnterAsync(tenants)).Refusal!.Code);
    }

    [Fact]
    public async Task A_paused_tenant_waits_until_it_is_resumed_or_its_time_is_over()
    {
        await using EnclaveTenants tenants = await OpenAsync(new TenantPolicy { State = TenantState.Paused, MaxWait = TimeSpan.FromSeconds(10) });
        Task<RunPass> first = EnterAsync(tenants).AsTask();
        tenants.SetState("acme", TenantState.Active, "test");
        Assert.Null((await Within.Deadline(first, "run after the pause")).Refusal);

        tenants.SetState("acme", TenantState.Paused, "test");
        Task<RunPass> second = EnterAsync(tenants).AsTask();
        Assert.Equal(ErrorCode.TenantPaused, (await OverAsync(second)).Refusal!.Code);
    }

    [Fact]
    public async Task Runs_beyond_the_concurrency_wait_in_order()
    {
        await using EnclaveTenants tenants = await OpenAsync(new TenantPolicy { Concurrency = 1 });
        RunPass first = await EnterAsync(tenants);
        Task<RunPass> second = EnterAsync(tenants).AsTask(), third = EnterAsync(tenants).AsTask();
        Assert.False(second.IsCompleted || third.IsCompleted);

        await first.LeaveAsync(Make.Success(Make.Stats()), Make.Stats());

        RunPass next = await Within.Deadline(second, "second run");
        Assert.False(third.IsCompleted);
        await next.LeaveAsync(Make.Success(Make.Stats()), Make.Stats());
        Assert.Null((await Within.Deadline(third, "third run")).Refusal);
        Assert.Equal(ErrorCode.ShareFull, (await OverAsync(EnterAsync(tenants).AsTask())).Refusal!.Code);
    }

    [Fact]
    public async Task A_quota_that_lets_wait_lets_in_when_there_is_room()
    {
        await using EnclaveTenants tenants = await OpenAsync(Make.Policy(Make.Rate(1, "5s") with { Action = QuotaAction.Wait }));
        Assert.True(await RunAsync(tenants));
        Task<RunPass> waiting = EnterAsync(tenants).AsTask();
        Assert.False(waiting.IsCompleted);
        RunPass pass = await OverAsync(waiting);
        Assert.Null(pass.Refusal);
        Assert.InRange(pass.Waited, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task A_cancelled_wait_leaves_nothing_behind()
    {
        await using EnclaveTenants tenants = await OpenAsync(new TenantPolicy { Concurrency = 1 });
        RunPass first = await EnterAsync(tenants);
        using var left = new CancellationTokenSource();
        Task<RunPass> waiting = tenants.Gate.EnterAsync(Make.Run(), left.Token).AsTask();
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await first.LeaveAsync(Make.Success(Make.Stats()), Make.Stats());
        Assert.Empty(tenants.Active);
    }

    [Fact]
    public async Task Each_run_has_one_version_while_policies_change()
    {
        // Both halves of a version are of one number: a mixture would show.
        static TenantPolicy Version(int n) =>
            new() { Version = $"v{n}", Limits = new TenantLimits { Timeout = TimeSpan.FromMilliseconds(1000 + n), MaxToolCalls = n % 100 } };
        await using EnclaveTenants tenants = await OpenAsync(Version(0));
        using var over = new CancellationTokenSource();
        Task changes = Task.Run(() =>
        {
            for (int n = 1; !over.IsCancellationRequested; n = (n % 900) + 1) tenants.Change("acme", (_) => Version(n), "test");
        });
        for (int i = 0; i < 5000; i++)
        {
            RunPass pass = await EnterAsync(tenants);
            int n = int.Parse(pass.Options.PolicyVersion![1..], System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal((TimeSpan.FromMilliseconds(1000 + n), n % 100), (pass.Options.Timeout, pass.Options.MaxToolCalls));
            Assert.Equal($"v{n}", (await pass.LeaveAsync(Make.Success(Make.Stats()), Make.Stats()))!.PolicyVersion);
        }

        await over.CancelAsync();
        await changes;
    }

    [Fact]
    public async Task Changes_are_told_with_who_when_from_and_to()
    {
        var told = new List<TenantChange>();
        await using EnclaveTenants tenants = await EnclaveTenants.OpenAsync(new TenantsOptions
        {
            Policies = Make.Of("acme", new TenantPolicy()),
            TimeProvider = _clock,
            OnChange = told.Add,
        });
        tenants.SetState("acme", TenantState.Suspended, "ann");
        tenants.SetState("acme", TenantState.Suspended, "ann");
        tenants.Replace(Make.Of("acme", new TenantPolicy { Concurrency = 3 }), "a deployment");

        Assert.Equal(["ann", "a deployment"], told.Select((change) => change.By));
        Assert.Equal((TenantState.Active, TenantState.Suspended, _clock.GetUtcNow()), (told[0].From!.State, told[0].To!.State, told[0].Time));
        // Somebody suspended it: other policies of the application do not change that.
        Assert.Equal(TenantState.Suspended, tenants.Policies.Tenants["acme"].State);
        Assert.Throws<ArgumentException>(() => tenants.Change("acme", (policy) => policy with { Concurrency = 0 }, "bob"));
    }

    [Fact]
    public async Task A_host_is_told_why_a_run_would_be_refused_before_it_is_stored()
    {
        await using EnclaveTenants tenants = await OpenAsync(Make.Policy(Make.Budget(1)));
        Assert.Null(tenants.Gate.WhyNot(Make.Run()));
        Assert.True(await RunAsync(tenants));
        Assert.Equal(ErrorCode.QuotaExceeded, tenants.Gate.WhyNot(Make.Run())!.Code);
        tenants.SetState("acme", TenantState.Suspended, "test");
        Assert.Equal(ErrorCode.TenantSuspended, tenants.Gate.WhyNot(Make.Run())!.Code);
    }

    [Fact]
    public async Task A_status_shows_who_uses_what()
    {
        await using EnclaveTenants tenants = await OpenAsync(Make.Policy(Make.Budget(5), Make.Budget(100, of: QuotaMeasure.CpuSeconds)));
        RunPass running = await EnterAsync(tenants);
        await RunAsync(tenants);
        TenantStatus status = await tenants.ShowAsync("acme", TestContext.Current.CancellationToken);
        Assert.Equal((1, 0), (status.Running, status.Waiting));
        Assert.Equal([2m, 30.001m], status.Quotas.Select((use) => use.Used));
        Assert.Equal(status.PolicyVersion, running.Options.PolicyVersion);
    }

    private Task<EnclaveTenants> OpenAsync(TenantPolicy policy) => OpenAsync(Make.Of("acme", policy));

    private Task<EnclaveTenants> OpenAsync(TenantPolicies policies) =>
        EnclaveTenants.OpenAsync(new TenantsOptions { Policies = policies, TimeProvider = _clock });

    private static ValueTask<RunPass> EnterAsync(EnclaveTenants tenants, string? tenant = "acme", string? key = null, RunOptions? options = null) =>
        tenants.Gate.EnterAsync(Make.Run(tenant, key, options), CancellationToken.None);

    private static async Task<bool> RunAsync(EnclaveTenants tenants, string? tenant = "acme", string? key = null)
    {
        RunPass pass = await EnterAsync(tenants, tenant, key);
        if (pass.Refusal is not null) return false;
        await pass.LeaveAsync(Make.Success(Make.Stats()), Make.Stats());
        return true;
    }

    /// <summary>Moves the clock until a waiting run has its answer.</summary>
    private async Task<RunPass> OverAsync(Task<RunPass> waiting)
    {
        await Within.Becomes(
            () =>
            {
                if (!waiting.IsCompleted && _clock.Armed > 0) _clock.Advance(TimeSpan.FromMilliseconds(250));
                return waiting.IsCompleted;
            },
            "the run has its answer");
        return await waiting;
    }
}
