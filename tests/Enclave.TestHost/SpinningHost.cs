namespace Enclave.TestHost;

/// <summary>A host of two workers that prints "ready" when both run endless jobs, and waits.</summary>
internal static class SpinningHost
{
    public static async Task Run(SecurityLevel level)
    {
        using var running = new CountdownEvent(2);
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            SecurityLevel = level,
            Adapter = EnclaveAdapter.CreateWorkerPool(new PoolAdapterOptions { PoolSize = 2 }),
            Timeout = TimeSpan.FromHours(1),
            Validate = false,
            MaxIterations = 1_000_000_000,
            ToolHandler = async (name, _, context) =>
            {
                if (name == "running") running.Signal();
                else await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return null;
            },
        });
        // Nested loops: a single one would reach the iteration limit within seconds.
        Task<ExecutionResult>[] jobs =
        [
            host.RunAsync("await callTool('running', {}); for(;;) for (let i = 0; i < 1e8; i++);"),
            // A promise that nobody settles would end the job.
            host.RunAsync("await callTool('running', {}); await callTool('forever', {})"),
        ];
        running.Wait();
        Console.WriteLine("ready");
        await Task.WhenAll(jobs);
    }
}
