namespace Enclave.TestHost;

/// <summary>A host whose scripts pass as much to tools as they may, and await none of it. Each tool takes a moment, so that what was passed is held.</summary>
internal static class HoldingHost
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(100);

    // What a message holds beside what becomes of it in .NET: texts twice, bytes once, ones and small objects some fifty times.
    private static readonly string[] s_scripts =
    [
        "const v = 'x'.repeat(4e6); for (let i = 0; i < 24; i++) callTool('hold', { v }); return 1",
        "const v = new Uint8Array(8e6); for (let i = 0; i < 24; i++) callTool('hold', { v }); return 1",
        "const v = Array(99990).fill(1); for (let i = 0; i < 24; i++) callTool('hold', { v }); return 1",
        "const v = Array(33000).fill({ a: 1, b: 2 }); for (let i = 0; i < 24; i++) callTool('hold', { v }); return 1",
        "const v = Array(49990).fill(['']); for (let i = 0; i < 24; i++) callTool('hold', { v }); return 1",
        "for (let i = 0; i < 24; i++) callTool('large', {}); await callTool('hold', {}); return 'x'.repeat(15e6)",
    ];

    public static async Task Run(int runs, int workers)
    {
        string large = new('y', 8_000_000);
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = new WorkerPoolOptions { MinWorkers = workers, MaxWorkers = workers, MaxQueueSize = runs, QueueTimeout = TimeSpan.FromHours(1), StartTimeout = TimeSpan.FromMinutes(1) },
            Timeout = TimeSpan.FromMinutes(2),
            Validate = false,
            ToolHandler = async (name, _, context) =>
            {
                await Task.Delay(s_moment, context.CancellationToken);
                return name == "large" ? large : null;
            },
        });
        await host.WarmUpAsync();
        // Answers are the caller's: kept is only what became of each run.
        string[] ends = await Task.WhenAll(Enumerable.Range(0, runs).Select(async (run) =>
            (await host.RunAsync(s_scripts[run % s_scripts.Length], new RunOptions { Tenant = $"tenant {run % 3}" })).Error?.Code.ToString() ?? "ok"));
        foreach (IGrouping<string, string> end in ends.GroupBy((end) => end)) Console.WriteLine($"{end.Count()} {end.Key}");
        Console.WriteLine($"peak {File.ReadLines("/proc/self/status").First((line) => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]} kB");
    }
}
