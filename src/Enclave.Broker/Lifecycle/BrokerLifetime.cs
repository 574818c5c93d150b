using Enclave.Broker.Sessions;
using Enclave.Broker.Store;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Enclave.Broker.Lifecycle;

/// <summary>Starts the broker's services with the application, and drains its sessions when the application stops.</summary>
internal sealed class BrokerLifetime(IServiceProvider services, SessionDirectory sessions, ISessionStore store, IOptions<HostOptions> host)
    : IHostedLifecycleService
{
    /// <summary>The time of a stop that is left to readers for their last events: this fraction, and at least <see cref="s_leastForReaders"/>.</summary>
    private const double ReaderShare = 0.2;

    private static readonly TimeSpan s_leastForReaders = TimeSpan.FromSeconds(2);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => store.StartAsync(cancellationToken);

    /// <summary>Runs after the routes are mapped.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // Enumerating the endpoints builds them, and building one without an access rule throws.
        foreach (EndpointDataSource source in services.GetServices<EndpointDataSource>()) _ = source.Endpoints.Count;
        // Starts notifying sessions of changed tools.
        _ = services.GetRequiredService<ToolCatalogueMonitor>();
        return Task.CompletedTask;
    }

    /// <summary>Runs before the server stops: readers still need their last events.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        (TimeSpan sessionTime, TimeSpan readerTime) = Shares(host.Value.ShutdownTimeout);
        Task drained = sessions.DrainAsync(sessionTime, cancellationToken);
        await store.DrainingAsync().ConfigureAwait(false);
        await drained.ConfigureAwait(false);
        await store.FlushAsync(readerTime / 2).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static (TimeSpan Sessions, TimeSpan Readers) Shares(TimeSpan stop)
    {
        if (stop == Timeout.InfiniteTimeSpan) return (stop, s_leastForReaders);
        TimeSpan share = stop * ReaderShare, readers = share > s_leastForReaders ? share : s_leastForReaders;
        return (stop > readers ? stop - readers : TimeSpan.Zero, readers);
    }
}
