using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>A run's peak of memory does not include other runs.</summary>
public sealed class PeakMemoryTests : IAsyncLifetime
{
    private const long Megabyte = 1 << 20;

    private readonly EnclaveHost _host = new(new EnclaveOptions
    {
        Adapter = EnclaveAdapter.WorkerPool,
        WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 1, MaxWorkers = 1 },
        Validate = false,
        MaxIterations = 10_000_000,
    });

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("return 1", 0, 1)]
    [InlineData("const a = new Uint8Array(8 << 20); return a.length", 8, 9)]
    // Released before the end, and before any collection.
    [InlineData("let sum = 0; for (let i = 0; i < 4; i++) sum += new ArrayBuffer(8 << 20).transfer(0).byteLength; return sum", 8, 17)]
    // Small objects count as well.
    [InlineData("const a = []; for (let i = 0; i < 4000; i++) a.push(new Uint8Array(1 << 10)); return a.length", 4, 7)]
    [InlineData("const a = []; for (let i = 0; i < 2000000; i++) a.push(i + 0.5); return a.length", 16, 60)]
    [InlineData("const a = []; for (let i = 0; i < 100000; i++) a.push({ i, text: 'n' + i }); return a.length", 4, 20)]
    public async Task A_run_says_what_it_held_itself(string code, long least, long most)
    {
        TestedEngine.NeedsNative("exact memory of a run");
        ExecutionResult before = await Run("const a = new Uint8Array(30 << 20).fill(1); return a.length");
        ExecutionResult result = await Run(code);
        ExecutionResult again = await Run(code);

        Assert.InRange(before.Stats.PeakMemoryBytes, 30 * Megabyte, 31 * Megabyte);
        Assert.InRange(result.Stats.PeakMemoryBytes, Math.Max(1, least * Megabyte), most * Megabyte);
        // Code that was compiled the first time is not compiled again.
        Assert.InRange(again.Stats.PeakMemoryBytes, result.Stats.PeakMemoryBytes * 9 / 10 - (64 << 10), result.Stats.PeakMemoryBytes * 11 / 10 + (64 << 10));
    }

    [Fact]
    public async Task Memory_kept_over_waits_for_tools_counts()
    {
        TestedEngine.NeedsNative("exact memory of a run");
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            ToolHandler = static (_, _, _) => new ValueTask<object?>(new byte[4 << 20]),
        });

        ExecutionResult result = await Within.Deadline(
            host.RunAsync("const kept = []; for (let i = 0; i < 4; i++) kept.push(await callTool('t', {})); return kept.length"), "answer");

        Assert.True(result.Success, result.Error?.Message);
        Assert.InRange(result.Stats.PeakMemoryBytes, 16 * Megabyte, 18 * Megabyte);
    }

    private async Task<ExecutionResult> Run(string code)
    {
        ExecutionResult result = await Within.Deadline(_host.RunAsync(code), "answer");
        Assert.True(result.Success, result.Error?.Message);
        return result;
    }
}
