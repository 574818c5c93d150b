using Enclave.Broker.Sessions;
using Enclave.Broker.Store;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Enclave.Broker.Lifecycle;

/// <summary>Starts the broker's services with the application, and drains its sessions when that stops.</summary>
internal sealed class BrokerLifetime(IServiceProvider services, SessionDirectory sessions, ISessionStore store, IOptions<HostOptions> host) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => store.StartAsync(cancellationToken);

    /// <summary>The routes are there by now.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // Looking at them builds them, and building one that nobody guards throws.
        foreach (EndpointDataSource source in services.GetServices<EndpointDataSource>()) _ = source.Endpoints.Count;
        // From here on sessions are told of other tools.
        _ = services.GetRequiredService<ToolCatalogueMonitor>();
        return Task.CompletedTask;
    }

    /// <summary>Before the server stops taking what clients send: their last events are still to come.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        Task drained = sessions.DrainAsync(host.Value.ShutdownTimeout * 0.8, cancellationToken);
        await store.DrainingAsync().ConfigureAwait(false);
        await drained.ConfigureAwait(false);
        await store.FlushAsync(host.Value.ShutdownTimeout * 0.1).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
