namespace Enclave.Attacks.Tests;

/// <summary>Answers of tools that fill a worker's buffer of frames to its last byte, while the script does not take them.</summary>
public sealed class FullBufferTests
{
    private const string Fill =
        """
        for (let i = 0; i < 24; i++) callTool('large', {}).catch(() => 0);
        const end = Date.now() + 500;
        while (Date.now() < end);
        return 1
        """;

    [Fact]
    public async Task A_full_buffer_is_emptied_and_nothing_beside_it()
    {
        string large = new('y', 8_000_000);
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 1 },
            Timeout = TimeSpan.FromMinutes(1),
            MaxIterations = 1_000_000_000,
            Validate = false,
            ToolHandler = (_, _, _) => new(large),
        });

        for (int round = 0; round < 3; round++)
        {
            ExecutionResult filled = await host.RunAsync(Fill), next = await host.RunAsync("return callTool('x', { a: 1 })");

            Assert.True(filled.Success, filled.Error?.Message);
            Assert.True(next.Success, next.Error?.Message);
        }

        Assert.Equal(0, host.GetSnapshot().Recycled);
    }
}
