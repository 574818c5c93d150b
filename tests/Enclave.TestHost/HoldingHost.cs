using System.Text.Json;

namespace Enclave.TestHost;

/// <summary>
/// A host whose scripts pass as much to tools as they may, and await none of it. Each tool takes a moment, so that the host holds the arguments.
/// </summary>
internal static class HoldingHost
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(100);

    // The memory that a message takes in .NET, relative to its bytes: two times for texts, once for bytes, about fifty times for small numbers and objects.
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
            WorkerPool = new WorkerPoolOptions
            {
                MinWorkers = workers,
                MaxWorkers = workers,
                MaxQueueSize = runs,
                QueueTimeout = TimeSpan.FromHours(1),
                StartTimeout = TimeSpan.FromMinutes(1),
            },
            Timeout = TimeSpan.FromMinutes(2),
            Validate = false,
            ToolHandler = async (name, _, context) =>
            {
                await Task.Delay(s_moment, context.CancellationToken);
                return name == "large" ? large : null;
            },
        });
        await host.WarmUpAsync();
        // The callers own the answers, so only the outcome of each run is kept.
        string[] ends = await Task.WhenAll(Enumerable.Range(0, runs).Select(async (run) =>
        {
            ExecutionError? error = (await host.RunAsync(s_scripts[run % s_scripts.Length], new RunOptions { Tenant = $"tenant {run % 3}" })).Error;
            if (error is not null and not { Code: ErrorCode.ToolError })
                Console.WriteLine($"run {run}: {error.Message} {JsonSerializer.Serialize(error.Data)}");
            return error?.Code.ToString() ?? "ok";
        }));
        foreach (IGrouping<string, string> end in ends.GroupBy((end) => end)) Console.WriteLine($"{end.Count()} {end.Key}");
        string peak = File.ReadLines("/proc/self/status").First((line) => line.StartsWith("VmHWM", StringComparison.Ordinal));
        Console.WriteLine($"peak {peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]} kB");
    }
}
