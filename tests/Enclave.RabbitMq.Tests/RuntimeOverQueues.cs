using Enclave.Runtime;
using Enclave.Tests;

namespace Enclave.RabbitMq.Tests;

/// <summary>A runtime in this process, and its queues.</summary>
internal sealed class RuntimeOverQueues : IAsyncDisposable
{
    private RuntimeOverQueues(RuntimeWorker worker, QueueRuntime queues) => (Worker, Queues) = (worker, queues);

    public RuntimeWorker Worker { get; }

    public QueueRuntime Queues { get; }

    public static async Task<RuntimeOverQueues> Start(RuntimeWorkerOptions options, QueueRuntimeOptions queues)
    {
        RuntimeWorker worker = RuntimeWorkerFactory.CreateRuntimeWorker(options);
        await worker.StartAsync();
        var started = new RuntimeOverQueues(worker, QueueRuntime.Start(worker, queues));
        await Within.Deadline(started.Queues.WhenConnectedAsync(), "connection of the runtime");
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        await Queues.DisposeAsync();
        await Worker.DisposeAsync();
    }
}
