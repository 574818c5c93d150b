using Enclave.RabbitMq.Brokers;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.RabbitMq.Tests;

/// <summary>Reads statistics of a broker's queues.</summary>
internal static class LaneStatsExtensions
{
    public static IReadOnlyList<LaneStats> Lanes(this IServiceProvider services) => services.GetRequiredService<Dispatcher>().ReadStats();
}
