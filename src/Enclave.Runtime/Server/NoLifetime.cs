using Microsoft.Extensions.Hosting;

namespace Enclave.Runtime.Server;

/// <summary>Ignores process signals: the owner of the runtime stops it.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
