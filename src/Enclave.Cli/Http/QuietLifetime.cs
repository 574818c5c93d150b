using Microsoft.Extensions.Hosting;

namespace Enclave.Cli.Http;

/// <summary>A host that neither listens to signals nor prints of itself: the command does.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
