using System.Diagnostics.Metrics;
using Enclave;
using Enclave.Broker;
using Enclave.Broker.Executors.Transports;
using Enclave.Broker.Fleet;
using Enclave.Diagnostics;
using Enclave.RabbitMq;
using Enclave.RabbitMq.Brokers;
using Enclave.RabbitMq.Options;
using Enclave.RabbitMq.Wire;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a broker whose sessions go over queues.</summary>
public static class EnclaveQueueServiceCollectionExtensions
{
    /// <summary>
    /// Adds a broker whose sessions run on runtimes that take them from queues of a RabbitMQ server (<see cref="QueueRuntime"/>). Only its tools run here
    /// (<see cref="EnclaveOptions.Tools"/>). <c>MapEnclaveBroker</c> maps its routes.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="queues">Sets the server.</param>
    /// <param name="configure">Changes the broker's options; null for the defaults.</param>
    /// <remarks>It also starts without the server. It is not ready (<c>GET /health</c>) until the server and a runtime are connected.</remarks>
    /// <exception cref="OptionsValidationException">At start, if there is no address or an option is out of range.</exception>
    public static IServiceCollection AddEnclaveBrokerOverQueues(
        this IServiceCollection services, Action<QueueBrokerOptions> queues, Action<BrokerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(queues);
        services.AddOptions<QueueBrokerOptions>().Configure(QueueOptionsCheck.ReadEnvironment).Configure(queues).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<QueueBrokerOptions>, QueueOptionsCheck>());
        string id = UnguessableName.New();
        services.TryAddSingleton((provider) => new Dispatcher(
            id, QueueNames.Lane(Level(provider), QueueRuntimeOptions.DefaultTrustClass), Options(provider), Clock(provider), Logger(provider)));
        services.TryAddSingleton((provider) => new BrokerQueueLink(
            id, Options(provider), provider.GetRequiredService<Dispatcher>(), provider.GetRequiredService<FleetTable>(), Clock(provider), Logger(provider)));
        services.AddSingleton<IFleetPublisher>((provider) => new QueueFleetPublisher(provider.GetRequiredService<BrokerQueueLink>()));
        services.TryAddSingleton((provider) => new DispatchMetrics(provider.GetRequiredService<IMeterFactory>(), provider.GetRequiredService<Dispatcher>()));
        services.TryAddSingleton<IRuntimeTransport>((provider) =>
        {
            _ = provider.GetRequiredService<DispatchMetrics>();
            return new QueueTransport(Options(provider), Level(provider), provider.GetRequiredService<Dispatcher>(), Clock(provider));
        });
        services.TryAddSingleton<IRuntimeInventory, QueueInventory>();
        services.AddHostedService((provider) => provider.GetRequiredService<BrokerQueueLink>());
        return services.AddRemoteBroker(configure);
    }

    private static QueueBrokerOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<QueueBrokerOptions>>().Value;

    private static SecurityLevel Level(IServiceProvider provider) => provider.GetRequiredService<IOptions<EnclaveOptions>>().Value.SecurityLevel;

    private static TimeProvider Clock(IServiceProvider provider) => provider.GetService<TimeProvider>() ?? TimeProvider.System;

    private static ILogger Logger(IServiceProvider provider) => SafeLogger.Of(provider.GetRequiredService<ILoggerFactory>()).CreateLogger("Enclave.RabbitMq");
}
