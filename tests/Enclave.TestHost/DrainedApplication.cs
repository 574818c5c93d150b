using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Enclave.TestHost;

/// <summary>An application with two busy workers and three waiting jobs. It prints "ready", and after the request to stop the outcome of each job.</summary>
internal static class DrainedApplication
{
    private const int Workers = 2, Waiting = 3;

    public static async Task Run(TimeSpan patience, int endless)
    {
        var arrived = new SemaphoreSlim(0);
        var refused = new TaskCompletionSource();
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddEnclave((options) =>
        {
            options.Adapter = EnclaveAdapter.WorkerPool;
            options.WorkerPool = new WorkerPoolOptions
            {
                MinWorkers = Workers,
                MaxWorkers = Workers,
                GracefulShutdownTimeout = patience,
                StartTimeout = TimeSpan.FromSeconds(20),
            };
            options.Timeout = TimeSpan.FromHours(1);
            options.ToolHandler = async (name, _, context) =>
            {
                arrived.Release();
                // A job ends only after those behind it were refused. Then the drain has begun.
                if (name == "endless") await Task.Delay(Timeout.Infinite, context.CancellationToken);
                else await refused.Task.WaitAsync(context.CancellationToken);
                return null;
            };
        });
        using IHost app = builder.Build();
        await app.StartAsync();
        var enclave = app.Services.GetRequiredService<IEnclave>();
        Task<ExecutionResult>[] running = [.. Enumerable.Range(0, Workers)
            .Select((i) => enclave.RunAsync($"await callTool('{(i < endless ? "endless" : "soon")}', {{}}); return 'finished'"))];
        for (int i = 0; i < Workers; i++) await arrived.WaitAsync();
        Task<ExecutionResult>[] waiting = [.. Enumerable.Range(0, Waiting).Select((_) => enclave.RunAsync("return 'started'"))];
        Console.WriteLine("ready");

        Task stopped = app.WaitForShutdownAsync();
        ExecutionResult[] answers = await Task.WhenAll(waiting);
        refused.SetResult();
        foreach (ExecutionResult answer in answers) Console.WriteLine($"waiting: {Outcome(answer)}");
        foreach (Task<ExecutionResult> job in running) Console.WriteLine($"running: {Outcome(await job)}");
        await stopped;
        Console.WriteLine($"workers: {enclave.GetSnapshot().Workers}");
    }

    private static string Outcome(ExecutionResult answer) => answer.Error?.Code.ToString() ?? answer.Value.AsString();
}
