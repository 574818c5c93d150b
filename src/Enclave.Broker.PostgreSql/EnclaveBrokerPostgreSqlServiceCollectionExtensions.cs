using Enclave.Broker;
using Enclave.Broker.Fleet;
using Enclave.Broker.PostgreSql;
using Enclave.Broker.PostgreSql.Options;
using Enclave.Broker.Store;
using Enclave.Diagnostics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Stores a broker's sessions in PostgreSQL.</summary>
public static class EnclaveBrokerPostgreSqlServiceCollectionExtensions
{
    /// <summary>
    /// Stores the sessions of the application's broker in a database that several brokers share
    /// (docs/sessions-store.md). Call it before or after <c>AddEnclaveBroker</c>.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the database.</param>
    /// <exception cref="OptionsValidationException">At start, if an option is out of range. The message names the option and the range.</exception>
    public static IServiceCollection AddEnclaveBrokerPostgreSql(this IServiceCollection services, Action<PostgreSqlStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<PostgreSqlStoreOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PostgreSqlStoreOptions>, PostgreSqlStoreOptionsCheck>());
        services.RemoveAll<ISessionStore>();
        services.AddSingleton<ISessionStore>((provider) => new PostgreSqlSessionStore(
            provider.GetRequiredService<IOptions<PostgreSqlStoreOptions>>().Value,
            provider.GetRequiredService<IOptions<BrokerOptions>>().Value,
            provider.GetRequiredService<FleetTable>(),
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            SafeLogger.Of(provider.GetRequiredService<ILoggerFactory>()).CreateLogger("Enclave.Broker.PostgreSql")));
        services.AddSingleton<IFleetPublisher>((provider) => new StoreFleetPublisher((PostgreSqlSessionStore)provider.GetRequiredService<ISessionStore>()));
        return services;
    }
}
