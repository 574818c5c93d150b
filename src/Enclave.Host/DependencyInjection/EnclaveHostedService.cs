using Microsoft.Extensions.Hosting;

namespace Enclave.DependencyInjection;

/// <summary>Warms the host up before the application serves, and drains it when the application stops.</summary>
internal sealed class EnclaveHostedService(EnclaveHost host) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => host.WarmUpAsync(cancellationToken);

    /// <remarks>The container disposes the host too. The second disposal returns the task of the first.</remarks>
    public Task StopAsync(CancellationToken cancellationToken) => host.DisposeAsync().AsTask().WaitAsync(cancellationToken);
}
