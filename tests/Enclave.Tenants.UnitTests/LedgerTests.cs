using Enclave.Runs;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Tenants.UnitTests;

/// <summary>Each run that begins has one row, whatever its process comes to, and budgets go on from what the ledger says.</summary>
public sealed class LedgerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();

    private string Ledger => Path.Combine(_folder.Path, "ledger");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_has_a_row_with_what_it_used()
    {
        await using (EnclaveTenants tenants = await OpenAsync())
        {
            RunPass pass = await EnterAsync(tenants, key: "ann", options: new RunOptions { SourceName = "report.js" });
            ExecutionStats stats = Make.Stats(cpuMs: 12.5, toolCalls: 3, bytes: 700) with
            {
                PeakMemoryBytes = 9,
                BytesOut = 44,
                QueueWait = TimeSpan.FromMilliseconds(2),
            };
            _clock.Advance(TimeSpan.FromSeconds(1));
            await pass.LeaveAsync(Make.Failure(ErrorCode.RuntimeError, stats), stats);
        }

        LedgerRow row = Assert.Single(new LedgerFolder(Ledger).Read());
        Assert.Equal(("acme", "ann", "report.js", "RUNTIME_ERROR", true), (row.Tenant, row.Key, row.Script, row.Outcome, row.Began));
        Assert.Equal((12.5, 25.0, 2.0, 3, 700, 44, 9), (row.CpuMs, row.WallMs, row.QueueMs, row.ToolCalls, row.BytesIn, row.BytesOut, row.PeakMemoryBytes));
        Assert.Equal(TimeSpan.FromSeconds(1), row.End - row.Begin);
        Assert.Equal(12, row.PolicyVersion.Length);
        Assert.Equal("1970-01.jsonl", Path.GetFileName(Assert.Single(Directory.GetFiles(Ledger, "*.jsonl"))));
    }

    [Fact]
    public async Task Refused_runs_have_no_row_and_cancelled_ones_have_one()
    {
        await using (EnclaveTenants tenants = await OpenAsync(Make.Policy(Make.Budget(1))))
        {
            RunPass pass = await EnterAsync(tenants);
            Assert.NotNull((await EnterAsync(tenants)).Refusal);
            await pass.LeaveAsync(null, Make.Stats());
        }

        Assert.Equal("CALLER_CANCELLED", Assert.Single(new LedgerFolder(Ledger).Read()).Outcome);
    }

    [Fact]
    public async Task A_budget_goes_on_in_the_next_process()
    {
        for (int i = 0; i < 2; i++)
        {
            await using EnclaveTenants tenants = await OpenAsync(Make.Policy(Make.Budget(2)));
            Assert.True(await RunAsync(tenants));
        }

        await using EnclaveTenants third = await OpenAsync(Make.Policy(Make.Budget(2)));
        Assert.Equal(ErrorCode.QuotaExceeded, (await EnterAsync(third)).Refusal!.Code);
    }

    [Theory]
    [InlineData("day")]
    [InlineData("24h")]
    public async Task A_budget_that_is_new_or_whose_book_is_gone_begins_with_what_the_ledger_says(string per)
    {
        await using (EnclaveTenants before = await OpenAsync())
        {
            Assert.True(await RunAsync(before));
            Assert.True(await RunAsync(before, "globex"));
        }

        for (int i = 0; i < 2; i++)
        {
            await using EnclaveTenants tenants = await OpenAsync(Make.Policy(Make.Budget(2, per), Make.Budget(10, per, scope: QuotaScope.All)));
            Assert.Equal([1m + i, 2m + i], (await tenants.ShowAsync("acme", TestContext.Current.CancellationToken)).Quotas.Select((use) => use.Used));
            if (i == 1) break;
            Assert.True(await RunAsync(tenants));
            Assert.False(await RunAsync(tenants));
            await tenants.DisposeAsync();
            Directory.Delete(Path.Combine(Ledger, "quotas"), recursive: true);
        }
    }

    [Fact]
    public async Task Processes_that_share_a_ledger_share_its_budgets()
    {
        await using EnclaveTenants one = await OpenAsync(Make.Policy(Make.Budget(20))), other = await OpenAsync(Make.Policy(Make.Budget(20)));
        bool[] ran = await Task.WhenAll(Enumerable.Range(0, 60).Select((i) => Task.Run(async () => await RunAsync(i % 2 == 0 ? one : other))));
        Assert.Equal(20, ran.Count((ran) => ran));
    }

    [Fact]
    public async Task Runs_of_a_process_that_was_killed_are_lost_and_keep_what_they_were_allowed_to_use()
    {
        var atOnce = new TenantQuota { Of = QuotaMeasure.Runs, Kind = QuotaKind.Concurrency, Value = 2 };
        TenantPolicy policy = Make.Policy(Make.Budget(100, of: QuotaMeasure.CpuSeconds), atOnce);
        var killed = await OpenAsync(policy);
        RunPass ended = await EnterAsync(killed);
        await ended.LeaveAsync(Make.Success(Make.Stats(5000)), Make.Stats(5000));
        await EnterAsync(killed);
        // What writes rows to their months is not really killed here.
        await Within.Becomes(() => Months() is [var month] && File.ReadLines(month).Count() == 1, "the row is in its month");
        Kill(killed);

        await using EnclaveTenants next = await OpenAsync(policy);

        LedgerRow[] rows = [.. new LedgerFolder(Ledger).Read().OrderBy((row) => row.Outcome)];
        Assert.Equal(["LOST", "OK"], rows.Select((row) => row.Outcome));
        Assert.Equal(2, rows.Select((row) => row.Id).Distinct().Count());
        TenantStatus status = await next.ShowAsync("acme", TestContext.Current.CancellationToken);
        Assert.Equal([35m, 0m], status.Quotas.Select((use) => use.Used));
        UsageRow sum = Assert.Single(new LedgerFolder(Ledger).Sum());
        Assert.Equal((1, 1, 5000.0), (sum.Runs, sum.Lost, sum.CpuMs));
    }

    [Fact]
    public async Task A_process_killed_at_any_byte_of_its_journal_leaves_each_run_once()
    {
        var killed = await OpenAsync();
        for (int i = 0; i < 3; i++) await RunAsync(killed);
        await EnterAsync(killed);
        await Within.Becomes(() => Months() is [var month] && File.ReadLines(month).Count() == 3, "the rows are in their month");
        string journal = Assert.Single(Directory.GetFiles(Ledger, "open-*.jsonl"));
        byte[] whole = Kill(killed, journal);
        int[] ends = [.. Enumerable.Range(0, whole.Length).Where((i) => whole[i] == '\n')];
        for (int length = 0; length <= whole.Length; length += 37)
        {
            foreach (string month in Months()) File.Delete(month);
            File.WriteAllBytes(journal, whole[..length]);
            await using (EnclaveTenants next = await OpenAsync())
            {
            }

            int lines = Math.Min(length, ends.LastOrDefault((end) => end <= length, -1) + 1);
            int begun = System.Text.Encoding.UTF8.GetString(whole[..lines]).Split("\"begun\"").Length - 1;
            LedgerRow[] rows = [.. new LedgerFolder(Ledger).Read()];
            Assert.Equal(begun, rows.Length);
            Assert.Equal(begun, rows.Select((row) => row.Id).Distinct().Count());
        }
    }

    [Fact]
    public async Task Rows_that_reached_their_month_before_the_kill_are_not_written_twice()
    {
        var killed = await OpenAsync();
        await RunAsync(killed);
        await Within.Becomes(() => Directory.GetFiles(Ledger, "????-??.jsonl").Length == 1, "the row is in its month");
        string journal = Assert.Single(Directory.GetFiles(Ledger, "open-*.jsonl"));
        byte[] whole = Kill(killed, journal);
        for (int i = 0; i < 3; i++)
        {
            File.WriteAllBytes(journal, whole);
            await using EnclaveTenants next = await OpenAsync();
            Assert.Single(new LedgerFolder(Ledger).Read());
        }
    }

    [Fact]
    public async Task A_torn_line_costs_no_other_row()
    {
        await using (EnclaveTenants tenants = await OpenAsync()) await RunAsync(tenants);
        string month = Assert.Single(Directory.GetFiles(Ledger, "????-??.jsonl"));
        File.AppendAllText(month, "{\"id\":\"torn");
        await using (EnclaveTenants tenants = await OpenAsync()) await RunAsync(tenants);
        Assert.Equal(2, new LedgerFolder(Ledger).Read().Count());
    }

    [Fact]
    public async Task A_ledger_that_takes_no_rows_lets_no_run_begin()
    {
        await using EnclaveTenants tenants = await OpenAsync(Make.Policy(Make.Budget(5)));
        Directory.Delete(Path.Combine(Ledger, "quotas"), recursive: true);
        File.WriteAllText(Path.Combine(Ledger, "quotas"), "not a folder");
        RunPass pass = await EnterAsync(tenants);
        Assert.Equal(ErrorCode.JournalUnavailable, pass.Refusal!.Code);
    }

    [Fact]
    public async Task A_sink_gets_each_row_and_again_if_it_fails()
    {
        var sink = new FailingSink(failures: 2);
        await using (EnclaveTenants tenants = await EnclaveTenants.OpenAsync(new TenantsOptions { LedgerSink = sink }))
        {
            for (int i = 0; i < 10; i++) Assert.True(await RunAsync(tenants));
        }

        Assert.Equal(10, sink.Rows.Select((row) => row.Id).Distinct().Count());
    }

    [Fact]
    public async Task Usage_adds_up_by_group_and_month()
    {
        await using (EnclaveTenants tenants = await OpenAsync())
        {
            foreach ((string tenant, string script) in new[] { ("acme", "a.js"), ("acme", "b.js"), ("globex", "a.js"), ("acme", "a.js") })
            {
                RunPass pass = await EnterAsync(tenants, tenant, options: new RunOptions { SourceName = script });
                await pass.LeaveAsync(Make.Success(Make.Stats(10, 2)), Make.Stats(10, 2));
                _clock.Advance(TimeSpan.FromDays(10));
            }
        }

        var ledger = new LedgerFolder(Ledger);
        Assert.Equal([("acme", 3L, 30.0, 6L), ("globex", 1L, 10.0, 2L)], ledger.Sum().Select((row) => (row.Tenant!, row.Runs, row.CpuMs, row.ToolCalls)));
        Assert.Equal([("acme", "a.js", 1L), ("acme", "b.js", 1L), ("globex", "a.js", 1L)],
            ledger.Sum(UsageGroups.Tenant | UsageGroups.Script, "1970-01").Select((row) => (row.Tenant!, row.Script!, row.Runs)));
        Assert.Equal([("1970-01", 3L), ("1970-02", 1L)], ledger.Sum(UsageGroups.Month).Select((row) => (row.Time!, row.Runs)));
        Assert.Equal(4, ledger.Sum(UsageGroups.None).Single().Runs);
    }

    [Fact]
    public async Task A_durable_run_counts_once_and_each_part_has_its_row()
    {
        await using (EnclaveTenants tenants = await OpenAsync(Make.Policy(Make.Budget(1))))
        {
            for (int part = 0; part < 3; part++)
            {
                GateRequest request = Make.Run(options: new RunOptions { Durable = "refund" }) with { IsResumed = part > 0 };
                RunPass pass = await tenants.Gate.EnterAsync(request, TestContext.Current.CancellationToken);
                Assert.Null(pass.Refusal);
                await pass.LeaveAsync(Make.Failure(ErrorCode.Suspended, Make.Stats()), Make.Stats());
            }

            Assert.False(await RunAsync(tenants));
        }

        UsageRow sum = new LedgerFolder(Ledger).Sum().Single();
        Assert.Equal((1, 0, 3.0), (sum.Runs, sum.Failed, sum.CpuMs));
        Assert.Equal(3, new LedgerFolder(Ledger).Read().Count());
    }

    private Task<EnclaveTenants> OpenAsync(TenantPolicy? policy = null) => EnclaveTenants.OpenAsync(
        new TenantsOptions { Policies = new TenantPolicies { Default = policy ?? new() }, LedgerFolder = Ledger, TimeProvider = _clock });

    private static ValueTask<RunPass> EnterAsync(EnclaveTenants tenants, string tenant = "acme", string? key = null, RunOptions? options = null) =>
        tenants.Gate.EnterAsync(Make.Run(tenant, key, options), CancellationToken.None);

    private static async Task<bool> RunAsync(EnclaveTenants tenants, string tenant = "acme")
    {
        RunPass pass = await EnterAsync(tenants, tenant);
        if (pass.Refusal is not null) return false;
        await pass.LeaveAsync(Make.Success(Make.Stats()), Make.Stats());
        return true;
    }

    /// <summary>Leaves the files as a killed process does: nothing is written any more, and its lock is gone. Returns its journal.</summary>
    private byte[] Kill(EnclaveTenants tenants, string? journal = null)
    {
        journal ??= Assert.Single(Directory.GetFiles(Ledger, "open-*.jsonl"));
        byte[] left = File.ReadAllBytes(journal);
        // A file of the same name, which nobody has locked.
        File.Delete(journal);
        File.WriteAllBytes(journal, left);
        GC.KeepAlive(tenants);
        return left;
    }

    private string[] Months() => Directory.GetFiles(Ledger, "????-??.jsonl");

    private sealed class FailingSink(int failures) : ILedgerSink
    {
        private int _failures = failures;

        public List<LedgerRow> Rows { get; } = [];

        public ValueTask WriteAsync(IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken)
        {
            if (_failures-- > 0) throw new InvalidOperationException("the database is away");
            Rows.AddRange(rows);
            return default;
        }
    }
}
