using Microsoft.Extensions.Hosting;

namespace Enclave.Mcp;

/// <summary>Connects a server before anything else of the application starts: the host of scripts finds its tools.</summary>
internal sealed class ServerStart(McpToolSource source) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => source.RefreshAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
