using Enclave.Mcp.Options;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Enclave.Mcp;

/// <summary>MCP servers in an application's services.</summary>
public static class EnclaveBuilderMcpExtensions
{
    /// <summary>
    /// Adds an MCP server whose tools scripts may call. It is connected before anything else of the application starts, and ends with it. The application
    /// gets it as a keyed <see cref="McpToolSource"/>, by its name.
    /// </summary>
    /// <param name="builder">The host of scripts.</param>
    /// <param name="options">The server. May be called for several, each of its own name.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names key, value and range.</exception>
    /// <exception cref="McpSourceException">At start: the server does not start or answer, or is beyond a bound. The application does not start.</exception>
    public static EnclaveBuilder AddMcpServer(this EnclaveBuilder builder, McpSourceOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        McpSourceOptionsCheck.Check(options);
        builder.Services.AddKeyedSingleton(options.Name, (provider, _) => McpToolSource.Unconnected(options, provider.GetService<ILoggerFactory>()));
        builder.Services.AddSingleton<IHostedService>((provider) => new ServerStart(provider.GetRequiredKeyedService<McpToolSource>(options.Name)));
        builder.Services.AddOptions<EnclaveOptions>(builder.Name)
            .Configure<IServiceProvider>((host, provider) => host.Tools.Add(provider.GetRequiredKeyedService<McpToolSource>(options.Name)));
        return builder;
    }
}
