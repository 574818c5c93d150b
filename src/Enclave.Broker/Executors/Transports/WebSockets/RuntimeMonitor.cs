using Enclave.Broker.Stats;
using Microsoft.Extensions.Hosting;

namespace Enclave.Broker.Executors.Transports.WebSockets;

/// <summary>Probes each runtime every two seconds for its state and its free slots. Readiness follows from the answers.</summary>
internal sealed class RuntimeMonitor(RuntimeSelector runtimes, WebSocketInventory inventory, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    /// <summary>The first probe completes before the broker serves requests. It takes at most the connect timeout of a runtime.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await InspectAsync(cancellationToken).ConfigureAwait(false);
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false)) await InspectAsync(stoppingToken).ConfigureAwait(false);
    }

    private async Task InspectAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<RuntimeStats> seen = await inventory.InspectAsync(cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < seen.Count; i++) runtimes.All[i].ReportProbe(seen[i].Status is RuntimeStats.Ok or RuntimeStats.Unsupported, seen[i].Max);
    }
}
