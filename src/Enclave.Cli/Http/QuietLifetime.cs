using Microsoft.Extensions.Hosting;

namespace Enclave.Cli.Http;

/// <summary>A host lifetime without signal handling and output: the command does both.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
