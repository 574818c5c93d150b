using System.Security.Cryptography;
using Enclave.Linux;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>A later job cannot read memory of an earlier one.</summary>
public sealed class RemanenceTests
{
    /// <summary>Fills memory of many sizes with the marker, and releases it.</summary>
    private const string Fill = """
        for (const size of sizes) for (let n = 0; n < 40; n++) {
          const bytes = new Uint8Array(size);
          for (let at = 0; at + 16 <= size; at += 16) bytes.set(marker, at);
        }
        await callTool('gate', {});
        return 'filled';
        """;

    /// <summary>Searches new memory of the same sizes, allocated in every possible way.</summary>
    private const string Scan = """
        let dirty = 0;
        const look = (buffer) => { for (const byte of new Uint8Array(buffer)) if (byte !== 0) dirty++; };
        for (const size of sizes) for (let n = 0; n < 10; n++) {
          look(new ArrayBuffer(size));
          look(new Uint8Array(size).buffer);
          look(new Float64Array(size >> 3).buffer);
          look(new ArrayBuffer(8).transfer(size));
          look(new ArrayBuffer(size).slice(0, size));
          look(Uint8Array.from({ length: Math.min(size, 1000) }).buffer);
          look(new Uint8Array(size).subarray(1).slice().buffer);
        }
        return dirty;
        """;

    private static readonly byte[] s_marker = RandomNumberGenerator.GetBytes(16);

    [Fact]
    public async Task T5_A_jobs_bytes_are_not_in_the_next_jobs_buffers()
    {
        await using var host = new EnclaveHost(
            new EnclaveOptions { ToolHandler = static (_, _, _) => default, Timeout = TimeSpan.FromMinutes(2) }.WithoutGuard());

        for (int round = 0; round < 3; round++)
        {
            ExecutionResult filled = await host.RunAsync(Fill, new RunOptions { Globals = Globals(withMarker: true) });
            ExecutionResult scanned = await host.RunAsync(Scan, new RunOptions { Globals = Globals(withMarker: false) });

            Assert.Equal("filled", filled.Value.AsString());
            Assert.True(scanned.Success, scanned.Error?.Message);
            Assert.Equal(filled.Stats.WorkerId, scanned.Stats.WorkerId);
            Assert.Equal(0, scanned.Value.AsInt32());
        }
    }

    [Fact]
    public async Task T5_Where_each_job_has_a_process_nothing_of_it_is_in_the_next_process()
    {
        Inspection.Need();
        var gate = new TestGate();
        var found = new List<(int WorkerId, int Pid, bool Holds)>();
        EnclaveHost host = null!;
        host = new EnclaveHost(new EnclaveOptions
        {
            SecurityLevel = SecurityLevel.Strict,
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = WorkerPoolPresets.Strict with
            {
                MinWorkers = 1,
                MaxWorkers = 2,
                MaxExecutionsPerWorker = 1,
                SpareWorkers = 1,
                StartTimeout = TimeSpan.FromSeconds(20),
            },
            Timeout = TimeSpan.FromMinutes(2),
            ToolHandler = (_, _, _) =>
            {
                // Both workers: the one with the job, and the one that waits for the next.
                foreach (WorkerIsolation worker in host.GetIsolationReport().Workers) found.Add((worker.WorkerId, worker.ProcessId, Holds(worker.ProcessId)));
                return default;
            },
        }.WithoutGuard());
        await using EnclaveHost owned = host;

        ExecutionResult first = await Within.Deadline(host.RunAsync("const keep = new Uint8Array(marker); await callTool('look', {}); return keep.length;",
            new RunOptions { Globals = Globals(withMarker: true) }), "first answer");
        int holders = found.Count((look) => look.Holds);
        found.Clear();
        ExecutionResult second = await Within.Deadline(host.RunAsync("await callTool('look', {}); return 1;"), "second answer");

        // The search works: it finds the bytes in the worker that held them.
        Assert.Equal((true, 1), (first.Success, holders));
        Assert.True(second.Success, second.Error?.Message);
        Assert.NotEqual(first.Stats.WorkerId, second.Stats.WorkerId);
        Assert.Contains(found, (look) => look.WorkerId == second.Stats.WorkerId);
        // The process of the first job may still be ending.
        Assert.All(found.Where((look) => look.WorkerId != first.Stats.WorkerId), (look) => Assert.False(
            look.Holds, $"pid {look.Pid} holds the first job's bytes"));
    }

    /// <summary>Beside the memory that it resets, a worker keeps compiled code of 64 programs, and the text of one until it is compiled.</summary>
    [Fact]
    public async Task T5_No_text_and_no_code_of_a_forgotten_program_is_in_its_worker()
    {
        Inspection.Need();
        const int Programs = 70;
        var pids = new HashSet<int>();
        bool holds = false;
        EnclaveHost host = null!;
        byte[] marker = System.Text.Encoding.ASCII.GetBytes("m" + Convert.ToHexStringLower(s_marker));
        host = new EnclaveHost(new EnclaveOptions
        {
            WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 1, MaxWorkers = 1, SpareWorkers = 0 },
            // On newer kernels (6.18) a search of the worker's memory makes it resident.
            MemoryLimit = 200 << 20,
            ToolHandler = (_, _, _) =>
            {
                int pid = Assert.Single(host.GetIsolationReport().Workers).ProcessId;
                pids.Add(pid);
                holds = ProcessMemory.Holds(pid, marker);
                return default;
            },
        }.WithoutGuard());
        await using EnclaveHost owned = host;
        // The marker stands at the end: shorter texts that come later lie over the beginning only.
        string first = $"await callTool('look', {{}}); {string.Concat(Enumerable.Repeat("0;", 1000))} return '{System.Text.Encoding.ASCII.GetString(marker)}';";

        // A program that came twice is noted and kept.
        for (int i = 0; i < 3; i++) Assert.True((await host.RunAsync(first)).Success);
        Assert.True(holds);
        for (int i = 0; i < Programs; i++)
        {
            for (int n = 0; n < 3; n++) Assert.True((await host.RunAsync($"return {i} + 1000")).Success);
        }

        ExecutionResult last = await host.RunAsync("return await callTool('look', {})");
        Assert.True(last.Success, $"{last.Error}");
        Assert.Single(pids);
        Assert.False(holds);
    }

    /// <summary>
    /// A write to a protected page costs a fault. A page that stayed writable after a job would make a later job that writes it faster, and tell its tenant
    /// what the earlier one used.
    /// </summary>
    [Fact]
    public async Task T5_What_a_worker_may_write_without_a_fault_is_the_same_after_any_job()
    {
        int pid = 0;
        EnclaveHost host = null!;
        host = new EnclaveHost(new EnclaveOptions
        {
            WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 1, MaxWorkers = 1, SpareWorkers = 0 },
            ToolHandler = (_, _, _) =>
            {
                pid = Assert.Single(host.GetIsolationReport().Workers).ProcessId;
                return default;
            },
        }.WithoutGuard());
        await using EnclaveHost owned = host;
        Assert.True((await host.RunAsync("return await callTool('look', {})")).Success);
        Assert.SkipWhen(ProcFile.Text($"/proc/{pid}/maps") is null or "", "only root may read the mappings of a worker");
        string before = "";
        await Within.Becomes(() => (before = Writable(pid)) == Writable(pid) && IsIdle(pid), "the worker was reset");

        for (int i = 0; i < 6; i++)
        {
            Assert.True((await host.RunAsync("""
                const text = 'e\u0301'.repeat(50).normalize('NFC') + new Intl.DateTimeFormat('de', { dateStyle: 'full' }).format(new Date(0));
                const rows = Array.from({ length: 3000 }, (_, i) => ({ i, key: 'k' + i * 7 })).sort((a, b) => b.i - a.i);
                return [/\p{Lu}+/u.test(text), 'ä'.localeCompare('z', 'sv'), rows.length, new Intl.NumberFormat('fr').format(12345.678)];
                """)).Success);
        }

        string after = "";
        await Within.Becomes(() => IsIdle(pid) && (after = Writable(pid)) == before, "the worker had the write protection of before", () => after);

        static bool IsIdle(int pid) => ProcFile.Text($"/proc/{pid}/syscall")?.StartsWith("0 ", StringComparison.Ordinal) == true;

        // Addresses and rights, without what lies behind them.
        static string Writable(int pid) => string.Join('\n', (ProcFile.Text($"/proc/{pid}/maps") ?? "").Split('\n')
            .Where((line) => line.Contains(" rw", StringComparison.Ordinal)).Select((line) => line[..line.IndexOf("p ", StringComparison.Ordinal)]));
    }

    [Fact]
    public async Task T2_One_job_per_process_with_spares_gives_every_job_another()
    {
        const int Jobs = 12;
        var pids = new Dictionary<int, int>();
        EnclaveHost host = null!;
        host = new EnclaveHost(new EnclaveOptions
        {
            SecurityLevel = SecurityLevel.Strict,
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = WorkerPoolPresets.Strict with { MaxExecutionsPerWorker = 1, SpareWorkers = 2, StartTimeout = TimeSpan.FromSeconds(20) },
            ToolHandler = (_, _, _) =>
            {
                foreach (WorkerIsolation worker in host.GetIsolationReport().Workers) pids[worker.WorkerId] = worker.ProcessId;
                return default;
            },
        });
        await using EnclaveHost owned = host;
        await host.WarmUpAsync();
        Assert.True(host.GetSnapshot().IdleWorkers >= 2, "spare workers are ready before anybody asks");
        var used = new List<int>();

        for (int i = 0; i < Jobs; i++)
        {
            ExecutionResult result = await Within.Deadline(
                host.RunAsync("await callTool('look', {}); return 1;", new RunOptions { Tenant = "the same" }), "answer");
            Assert.True(result.Success, result.Error?.Message);
            used.Add(pids[result.Stats.WorkerId]);
            if (i % 4 == 3) await Within.Becomes(() => host.GetSnapshot().IdleWorkers >= 2, "spare workers were ready again");
        }

        Assert.Equal(Jobs, used.Distinct().Count());
    }

    /// <summary>True if the marker is anywhere in the writable memory of a process.</summary>
    private static bool Holds(int pid) => ProcessMemory.Holds(pid, s_marker);

    private static Dictionary<string, object?> Globals(bool withMarker)
    {
        var globals = new Dictionary<string, object?> { ["sizes"] = new[] { 16, 64, 256, 1024, 4096, 65536, 262144 } };
        if (withMarker) globals["marker"] = s_marker.Select((one) => (int)one).ToArray();
        return globals;
    }
}
