using Enclave;
using Enclave.Diagnostics;
using Enclave.Mcp;
using Enclave.Mcp.AspNetCore;
using Enclave.Mcp.AspNetCore.Endpoints;
using Enclave.Mcp.AspNetCore.Options;
using Enclave.Mcp.AspNetCore.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers an MCP server in an application.</summary>
public static class EnclaveMcpServiceCollectionExtensions
{
    /// <summary>
    /// Adds an MCP server over the application's host of scripts (<c>AddEnclave</c>). <c>MapEnclaveMcp</c> maps its path. Calls that need an approval are put
    /// to the person behind the client, unless <see cref="EnclaveOptions.OnToolApproval"/> is set.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Changes the options; null for the defaults.</param>
    /// <exception cref="OptionsValidationException">At start, if an option is out of range. The message names the option and the range.</exception>
    public static IServiceCollection AddEnclaveMcp(this IServiceCollection services, Action<McpEndpointOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddEnclave();
        services.AddOptions<EnclaveOptions>().PostConfigure(static (options) => options.OnToolApproval ??= CodeServer.AskClientAsync);
        services.TryAddSingleton((provider) => CodeServer.HostOf(provider.GetRequiredService<IEnclave>()));
        return services.AddEnclaveMcpOver(static (context) => context.RequestServices.GetRequiredService<ICodeHost>(), configure);
    }

    /// <summary>Adds an MCP server whose scripts run elsewhere than on the application's own host. <c>MapEnclaveMcp</c> maps its path.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="host">
    /// Gives the host of one session's scripts, from the request that opens it. The session lives longer than the request: read what you need before you
    /// return.
    /// </param>
    /// <param name="configure">Changes the options; null for the defaults.</param>
    /// <exception cref="OptionsValidationException">At start, if an option is out of range. The message names the option and the range.</exception>
    public static IServiceCollection AddEnclaveMcpOver(
        this IServiceCollection services, Func<HttpContext, ICodeHost> host, Action<McpEndpointOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(host);
        services.AddRouting();
        services.AddOptions<McpEndpointOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<McpEndpointOptions>, McpEndpointOptionsCheck>());
        if (configure is not null) services.Configure(configure);
        services.TryAddSingleton((provider) => new OpenSessions(Options(provider), Clock(provider), provider.GetRequiredService<ILoggerFactory>()));
        services.TryAddSingleton((provider) => new RequestSettings(host, Options(provider)));
        services.TryAddSingleton((provider) => new StatelessRequests(
            Options(provider), provider.GetRequiredService<IHostApplicationLifetime>(), provider.GetRequiredService<RequestSettings>().OfRequestAsync));
        services.TryAddSingleton((provider) => new McpRoutes(
            provider.GetRequiredService<RequestSettings>(), Options(provider), provider.GetRequiredService<OpenSessions>(),
            provider.GetRequiredService<StatelessRequests>(), Clock(provider),
            SafeLogger.Of(provider.GetRequiredService<ILoggerFactory>()).CreateLogger("Enclave.Mcp")));
        return services;
    }

    private static McpEndpointOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<McpEndpointOptions>>().Value;

    private static TimeProvider Clock(IServiceProvider provider) => provider.GetService<TimeProvider>() ?? TimeProvider.System;
}
