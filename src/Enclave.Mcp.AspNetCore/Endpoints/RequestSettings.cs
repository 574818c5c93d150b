using Enclave.Mcp.AspNetCore.Access;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Server;

namespace Enclave.Mcp.AspNetCore.Endpoints;

/// <summary>The settings of a client's server: of a session by the request that opens it, or of one request without a session.</summary>
internal sealed class RequestSettings(Func<HttpContext, ICodeHost> host, McpEndpointOptions options)
{
    private const string MethodHeader = "Mcp-Method", Discover = "server/discover";

    /// <summary>The settings of a session.</summary>
    public async Task<McpServerOptions> OfSessionAsync(HttpContext context)
    {
        McpServerOptions settings = await CodeServer.SettingsAsync(host(context), ServerOf(context), context.RequestAborted).ConfigureAwait(false);
        options.Configure?.Invoke(context, settings);
        return settings;
    }

    /// <summary>Makes the settings of a request without a session.</summary>
    public async Task OfRequestAsync(HttpContext context, McpServerOptions settings, CancellationToken cancellationToken)
    {
        CodeServerOptions server = ServerOf(context) with { AnswersFrom = McpCaller.Of(context).Owner ?? "" };
        ICodeHost runs = host(context);
        CodeServer.Apply(settings, runs, server);
        // Only the answer to a discover request has instructions.
        if (context.Request.Headers[MethodHeader] == Discover)
            settings.ServerInstructions = await CodeServer.InstructionsAsync(runs, server, cancellationToken).ConfigureAwait(false);
        options.Configure?.Invoke(context, settings);
    }

    private CodeServerOptions ServerOf(HttpContext context)
    {
        CodeServerOptions server = options.ForSession?.Invoke(context, options.Server) ?? options.Server;
        // Does not replace a tenant that the application chose.
        return McpCaller.Of(context).Tenant is { } tenant && server.Run?.Tenant is null
            ? server with { Run = (server.Run ?? new RunOptions()) with { Tenant = tenant } }
            : server;
    }
}
