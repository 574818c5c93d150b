using Enclave;
using Enclave.Broker;
using Enclave.Broker.Access;
using Enclave.Broker.Diagnostics;
using Enclave.Broker.Endpoints;
using Enclave.Broker.Executors;
using Enclave.Broker.Executors.Transports;
using Enclave.Broker.Executors.Transports.WebSockets;
using Enclave.Broker.Fleet;
using Enclave.Broker.Lifecycle;
using Enclave.Broker.Options;
using Enclave.Broker.Reporting;
using Enclave.Broker.Sessions;
using Enclave.Broker.Stats;
using Enclave.Broker.Store;
using Enclave.Broker.Tools;
using Enclave.Diagnostics;
using Enclave.Remote;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a broker in an application.</summary>
public static class EnclaveBrokerServiceCollectionExtensions
{
    /// <summary>
    /// Adds a broker whose sessions run on the application's own host (<c>AddEnclave</c>). A session keeps its worker while it waits for tools: with
    /// <see cref="EnclaveAdapter.Embedded"/> only one session runs at a time. <c>MapEnclaveBroker</c> maps its routes.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Changes the options; null for the defaults.</param>
    /// <exception cref="OptionsValidationException">At start, if an option is out of range. The message names the option and the range.</exception>
    public static IServiceCollection AddEnclaveBroker(this IServiceCollection services, Action<BrokerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddEnclave();
        services.TryAddSingleton<IExecutor>(
            (provider) => new HostExecutor(provider.GetRequiredService<IEnclave>(), provider.GetRequiredService<IOptions<EnclaveOptions>>().Value));
        services.TryAddSingleton((provider) => new DurableSessions(
            provider.GetRequiredService<IEnclave>(), provider.GetRequiredService<IOptions<EnclaveOptions>>().Value, Options(provider), Clock(provider)));
        services.TryAddSingleton((provider) => new RunRoutes(
            provider.GetRequiredService<IEnclave>(), provider.GetRequiredService<RequestBody>(), Clock(provider)));
        services.PostConfigure<EnclaveOptions>(static (options) =>
        {
            if (options.Durable is { } durable) durable.ContextOf = static (session) => new BrokerRun(session.Id, session.Owner);
        });
        services.TryAddSingleton<IRuntimeInventory>((provider) => new HostInventory(provider.GetRequiredService<IEnclave>(),
            provider.GetRequiredService<IOptions<EnclaveOptions>>().Value, provider.GetRequiredService<SessionDirectory>()));
        return services.AddBroker(configure);
    }

    /// <summary>
    /// Adds a broker whose sessions run on remote runtimes. Only its tools run here
    /// (<see cref="EnclaveOptions.Tools"/>). <c>MapEnclaveBroker</c> maps its routes.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="runtimes">Names the runtimes.</param>
    /// <param name="configure">Changes the broker's options; null for the defaults.</param>
    /// <exception cref="OptionsValidationException">At start, if no runtime is named or an option is out of range.</exception>
    public static IServiceCollection AddEnclaveBrokerOverRuntimes(
        this IServiceCollection services, Action<RuntimeOptions> runtimes, Action<BrokerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(runtimes);
        services.AddOptions<RuntimeOptions>().Configure(RuntimeOptionsCheck.ReadEnvironment).Configure(runtimes).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RuntimeOptions>, RuntimeOptionsCheck>());
        services.TryAddSingleton(Runtimes);
        services.TryAddSingleton((provider) => new RuntimeQueue(
            provider.GetRequiredService<RuntimeSelector>(), provider.GetRequiredService<IOptions<RuntimeOptions>>().Value, Clock(provider)));
        services.TryAddSingleton<IRuntimeTransport>((provider) => new WebSocketTransport(provider.GetRequiredService<IOptions<RuntimeOptions>>().Value,
            provider.GetRequiredService<RuntimeSelector>(), provider.GetRequiredService<RuntimeQueue>(), Clock(provider)));
        services.TryAddSingleton((provider) => new WebSocketInventory(provider.GetRequiredService<RuntimeSelector>(),
            provider.GetRequiredService<RuntimeQueue>(), provider.GetRequiredService<IOptions<RuntimeOptions>>().Value, Clock(provider)));
        services.TryAddSingleton<IRuntimeInventory>(static (provider) => provider.GetRequiredService<WebSocketInventory>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RuntimeMonitor>((provider) => new RuntimeMonitor(
            provider.GetRequiredService<RuntimeSelector>(), provider.GetRequiredService<WebSocketInventory>(), Clock(provider))));
        return services.AddRemoteBroker(configure);
    }

    /// <summary>
    /// Authenticates and authorizes clients by bearer tokens. After this, <c>MapEnclaveBroker().RequireAuthorization()</c> is all that is needed.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Adds the tokens.</param>
    public static IServiceCollection AddEnclaveBrokerTokens(this IServiceCollection services, Action<BrokerTokens> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var tokens = new BrokerTokens();
        configure(tokens);
        return services.AddEnclaveBrokerTokens(tokens);
    }

    /// <inheritdoc cref="AddEnclaveBrokerTokens(IServiceCollection, Action{BrokerTokens})"/>
    /// <param name="tokens">The tokens.</param>
    public static IServiceCollection AddEnclaveBrokerTokens(this IServiceCollection services, BrokerTokens tokens)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(tokens);
        services.AddAuthentication(BrokerTokens.Scheme)
            .AddScheme<TokenAuthenticationOptions, TokenAuthentication>(BrokerTokens.Scheme, (options) => options.Tokens = tokens);
        services.AddAuthorization();
        return services;
    }

    /// <summary>Adds a broker whose sessions run elsewhere, over the registered transport.</summary>
    public static IServiceCollection AddRemoteBroker(this IServiceCollection services, Action<BrokerOptions>? configure)
    {
        services.TryAddSingleton<IExecutor>((provider) => new RemoteExecutor(
            provider.GetRequiredService<IRuntimeTransport>(), new RemoteTools(provider.GetRequiredService<IOptions<EnclaveOptions>>().Value, Logger(provider)),
            provider.GetRequiredService<BrokerMetrics>(), Clock(provider), Logger(provider)));
        return services.AddBroker(configure);
    }

    private static IServiceCollection AddBroker(this IServiceCollection services, Action<BrokerOptions>? configure)
    {
        services.AddRouting();
        services.AddMetrics();
        services.AddOptions<BrokerOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BrokerOptions>, BrokerOptionsCheck>());
        if (configure is not null) services.Configure(configure);
        services.TryAddSingleton<ISessionStore>((provider) => new MemorySessionStore(Options(provider)));
        services.TryAddSingleton((provider) => new SessionDirectory(Options(provider), provider.GetRequiredService<ISessionStore>(),
            provider.GetRequiredService<IExecutor>(), provider.GetRequiredService<SessionEndCounts>(), Clock(provider), Logger(provider)));
        services.TryAddSingleton<IBrokerSessions>(static (provider) => provider.GetRequiredService<SessionDirectory>());
        services.TryAddSingleton<BrokerMetrics>();
        services.TryAddSingleton((provider) => new SessionEndCounts(provider.GetRequiredService<BrokerMetrics>(), Clock(provider)));
        services.TryAddSingleton((provider) => new StatsRoute(Options(provider), provider.GetRequiredService<SessionDirectory>(),
            provider.GetRequiredService<SessionEndCounts>(), provider.GetRequiredService<IRuntimeInventory>(), Clock(provider)));
        services.AddFleet();
        services.TryAddSingleton((provider) => new ToolCatalogue(
            provider.GetRequiredService<IOptions<EnclaveOptions>>().Value, provider.GetRequiredService<IOptions<BrokerOptions>>().Value.HandlerTools));
        services.TryAddSingleton((provider) => new ToolCatalogueMonitor(provider.GetRequiredService<IOptions<EnclaveOptions>>().Value,
            provider.GetRequiredService<ToolCatalogue>(), provider.GetRequiredService<SessionDirectory>()));
        services.TryAddSingleton((provider) => new RequestBody(Options(provider), Clock(provider)));
        services.TryAddSingleton((provider) => new BrokerRoutes(
            Options(provider), provider.GetRequiredService<SessionDirectory>(), provider.GetRequiredService<ISessionStore>(),
            provider.GetService<DurableSessions>(), provider.GetRequiredService<BrokerState>(), provider.GetRequiredService<ToolCatalogue>(),
            provider.GetRequiredService<RequestBody>(), Clock(provider), Logger(provider)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, BrokerLifetime>());
        return services;
    }

    private static void AddFleet(this IServiceCollection services)
    {
        services.AddOptions<FleetOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<FleetOptions>, FleetOptionsCheck>());
        services.TryAddSingleton((provider) => new BrokerState(
            provider.GetRequiredService<SessionDirectory>(), provider.GetRequiredService<IExecutor>(), provider.GetRequiredService<ISessionStore>()));
        services.TryAddSingleton((provider) => new FleetTable(Fleet(provider), Clock(provider)));
        services.TryAddSingleton((provider) => new FleetSelfReport(
            Fleet(provider), Options(provider), provider.GetRequiredService<SessionDirectory>(), provider.GetRequiredService<SessionEndCounts>(),
            provider.GetRequiredService<IRuntimeInventory>(), provider.GetRequiredService<BrokerState>(), provider.GetService<IServer>(), Clock(provider)));
        services.TryAddSingleton((provider) => new FleetRoute(
            Fleet(provider), provider.GetRequiredService<FleetSelfReport>(), provider.GetRequiredService<FleetTable>(), Clock(provider)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, FleetAnnouncer>((provider) => new FleetAnnouncer(
            Fleet(provider), provider.GetRequiredService<FleetSelfReport>(), provider.GetServices<IFleetPublisher>(), Clock(provider), Logger(provider))));
    }

    private static FleetOptions Fleet(IServiceProvider provider) => provider.GetRequiredService<IOptions<FleetOptions>>().Value;

    private static RuntimeSelector Runtimes(IServiceProvider provider)
    {
        RuntimeOptions options = provider.GetRequiredService<IOptions<RuntimeOptions>>().Value;
        return new RuntimeSelector([.. options.Runtimes.Select((address) => new RemoteRuntime(address, Clock(provider)))]);
    }

    private static BrokerOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<BrokerOptions>>().Value;

    private static TimeProvider Clock(IServiceProvider provider) => provider.GetService<TimeProvider>() ?? TimeProvider.System;

    private static ILogger Logger(IServiceProvider provider) => SafeLogger.Of(provider.GetRequiredService<ILoggerFactory>()).CreateLogger("Enclave.Broker");
}
