using Enclave.Broker.Diagnostics;
using Enclave.Broker.Fleet;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Enclave.Broker.Reporting;

/// <summary>Sends the report of this broker to the other brokers at an interval.</summary>
internal sealed class FleetAnnouncer(FleetOptions options, FleetSelfReport self, IEnumerable<IFleetPublisher> posts, TimeProvider clock, ILogger log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IFleetPublisher[] ways = [.. posts];
        if (ways.Length == 0) return;
        using var timer = new PeriodicTimer(options.Interval, clock);
        do
        {
            try
            {
                foreach (FleetPart part in await self.CollectAsync(stoppingToken).ConfigureAwait(false))
                {
                    ReadOnlyMemory<byte> body = FleetJson.Write(part);
                    if (body.Length > FleetPart.MaxBytes) continue;
                    foreach (IFleetPublisher way in ways) way.Post(body);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A failed report must not end the broker.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                BrokerLog.FleetFailed(log, fault.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }
}
