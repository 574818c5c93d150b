using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Enclave.DependencyInjection;

/// <summary>Warms the host up before the application serves, and drains it when the application stops.</summary>
/// <param name="host">The host.</param>
/// <param name="sections">The sections of its options.</param>
/// <param name="log">Its log.</param>
internal sealed class EnclaveHostedService(EnclaveHost host, IReadOnlyList<BoundSection> sections, ILogger log) : IHostedService
{
    private IReadOnlyList<IDisposable> _watches = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _watches = [.. sections.Select((section) => section.Watch(log))];
        return host.WarmUpAsync(cancellationToken);
    }

    /// <remarks>The container disposes the host too. The second disposal returns the task of the first.</remarks>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (IDisposable watch in _watches) watch.Dispose();
        return host.DisposeAsync().AsTask().WaitAsync(cancellationToken);
    }
}
