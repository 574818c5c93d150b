using Microsoft.Extensions.Hosting;

namespace Enclave.DependencyInjection;

/// <summary>Warm before the application serves, drained when it stops.</summary>
internal sealed class EnclaveHostedService(EnclaveHost host) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => host.WarmUpAsync(cancellationToken);

    /// <remarks>The container disposes the host as well; the second time is the first one's task.</remarks>
    public Task StopAsync(CancellationToken cancellationToken) => host.DisposeAsync().AsTask().WaitAsync(cancellationToken);
}
