using System.Runtime.InteropServices;
using Enclave.Runs;
using Enclave.Testing;
using Enclave.Tests;
using Microsoft.Win32.SafeHandles;

namespace Enclave.Tenants.UnitTests;

/// <summary>A process that holds a book changes it in memory: its journal has the rest, and another process gets the book as soon as it asks.</summary>
public sealed class HeldBookTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("day", QuotaScope.Tenant)]
    [InlineData("24h", QuotaScope.All)]
    public async Task A_kill_at_any_moment_loses_no_use_and_counts_none_twice(string per, QuotaScope scope)
    {
        TenantPolicy policy = Make.Policy(
            Make.Budget(1000, per, scope: scope), Make.Budget(100_000, per, QuotaMeasure.CpuSeconds, scope: scope),
            new TenantQuota { Of = QuotaMeasure.Runs, Kind = QuotaKind.Concurrency, Value = 100 });
        await using EnclaveTenants tenants = await OpenAsync("first", policy);
        var killed = new List<(string Folder, decimal Runs, decimal Cpu)>();
        var open = new List<RunPass>();
        int ended = 0;
        for (int i = 0; i < 12; i++)
        {
            open.Add(await EnterAsync(tenants));
            if (i % 3 == 2)
            {
                await open[0].LeaveAsync(Make.Success(Make.Stats(2000)), Make.Stats(2000));
                open.RemoveAt(0);
                ended++;
            }

            // A run that is lost keeps the 30 s that it was allowed to use.
            killed.Add((Copy("first", $"killed-{i}"), i + 1, (ended * 2) + (open.Count * 30)));
        }

        foreach ((string folder, decimal runs, decimal cpu) in killed)
        {
            for (int again = 0; again < 2; again++)
            {
                await using EnclaveTenants next = await OpenAsync(folder, policy);
                TenantStatus status = await next.ShowAsync("acme", TestContext.Current.CancellationToken);
                Assert.Equal([runs, cpu, 0], status.Quotas.Select((use) => use.Used));
            }

            LedgerRow[] rows = [.. new LedgerFolder(Path.Combine(_folder.Path, folder)).Read()];
            Assert.Equal((int)runs, rows.Select((row) => row.Id).Distinct().Count());
            Assert.Equal((int)runs, rows.Length);
        }
    }

    [Fact]
    public async Task A_process_that_asks_gets_the_book_with_all_that_its_holder_counted()
    {
        TenantPolicy policy = Make.Policy(Make.Budget(10));
        await using EnclaveTenants holder = await OpenAsync("shared", policy), other = await OpenAsync("shared", policy);
        for (int i = 0; i < 7; i++) await RunAsync(holder);
        for (int i = 0; i < 3; i++) Assert.True(await RunAsync(other));
        Assert.False(await RunAsync(other));
        Assert.False(await RunAsync(holder));
    }

    [Fact]
    public async Task Eight_processes_at_once_spend_a_budget_to_its_end_and_not_further()
    {
        TenantPolicy policy = Make.Policy(Make.Budget(200), Make.Budget(150, scope: QuotaScope.All));
        EnclaveTenants[] processes = await Task.WhenAll(Enumerable.Range(0, 8).Select((_) => OpenAsync("eight", policy)));
        bool[] ran = await Task.WhenAll(Enumerable.Range(0, 320).Select((i) => Task.Run(() => RunAsync(processes[i % 8]))));
        Assert.Equal(150, ran.Count((one) => one));
        foreach (EnclaveTenants one in processes) await one.DisposeAsync();
        Assert.Equal(150, new LedgerFolder(Path.Combine(_folder.Path, "eight")).Sum().Single().Runs);
    }

    [Fact]
    public async Task A_long_journal_begins_anew_and_loses_no_run()
    {
        TenantPolicy policy = Make.Policy(Make.Budget(1_000_000));
        var long_ = new RunOptions { SourceName = new string('x', 20_000) };
        await using EnclaveTenants tenants = await OpenAsync("long", policy);
        RunPass open = await EnterAsync(tenants);
        int runs = 1;
        string first = Journal();
        while (Journal() == first)
        {
            RunPass pass = await EnterAsync(tenants, long_);
            await pass.LeaveAsync(Make.Success(Make.Stats()), Make.Stats());
            runs++;
        }

        string copy = Copy("long", "after");
        await using EnclaveTenants next = await OpenAsync(copy, policy);

        Assert.Equal(runs, (await next.ShowAsync("acme", TestContext.Current.CancellationToken)).Quotas[0].Used);
        Assert.Equal(runs, new LedgerFolder(Path.Combine(_folder.Path, copy)).Read().Count());
        await open.LeaveAsync(null, Make.Stats());

        string Journal() => Directory.GetFiles(Path.Combine(_folder.Path, "long"), "open-*.jsonl").Order(StringComparer.Ordinal).First();
    }

    private Task<EnclaveTenants> OpenAsync(string folder, TenantPolicy policy) => EnclaveTenants.OpenAsync(new TenantsOptions
    {
        Policies = new TenantPolicies { Default = policy },
        LedgerFolder = Path.Combine(_folder.Path, folder),
        TimeProvider = _clock,
    });

    private static async Task<RunPass> EnterAsync(EnclaveTenants tenants, RunOptions? options = null)
    {
        RunPass pass = await tenants.Gate.EnterAsync(Make.Run(options: options), CancellationToken.None);
        Assert.Null(pass.Refusal);
        return pass;
    }

    private static async Task<bool> RunAsync(EnclaveTenants tenants)
    {
        RunPass pass = await tenants.Gate.EnterAsync(Make.Run(), CancellationToken.None);
        if (pass.Refusal is not null) return false;
        await pass.LeaveAsync(Make.Success(Make.Stats()), Make.Stats());
        return true;
    }

    /// <summary>The files as they are at this moment: what a killed process leaves. Journals before months, as a killed process cannot lose a row.</summary>
    private string Copy(string from, string to)
    {
        string source = Path.Combine(_folder.Path, from), target = Path.Combine(_folder.Path, to);
        Directory.CreateDirectory(Path.Combine(target, "quotas"));
        foreach (string file in Directory.GetFiles(source, "open-*.jsonl").Concat(Directory.GetFiles(source, "????-??.jsonl"))
            .Concat(Directory.GetFiles(Path.Combine(source, "quotas"))))
        {
            // The library would take a lock, which the holder has.
            using var handle = new SafeFileHandle(Open(file, 0), ownsHandle: true);
            byte[] bytes = new byte[RandomAccess.GetLength(handle)];
            RandomAccess.Read(handle, bytes, 0);
            File.WriteAllBytes(Path.Combine(target, Path.GetRelativePath(source, file)), bytes);
        }

        return to;
    }

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(string path, int flags);
}
