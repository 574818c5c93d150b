using Enclave.Mcp;
using Enclave.Mcp.AspNetCore.Access;
using Enclave.Mcp.AspNetCore.Endpoints;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The path of an MCP server.</summary>
public static class EnclaveMcpEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the MCP server (Streamable HTTP). Access must be decided: call <c>RequireAuthorization()</c> on the returned group, or <c>AllowAnonymous()</c> if
    /// everybody who reaches this address may run scripts. A session belongs to the caller that opened it: its name and its claim <c>tenant</c>.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="path">The path. Default: <c>/mcp</c>.</param>
    /// <returns>The group of its routes.</returns>
    /// <exception cref="InvalidOperationException">No server is registered (<c>AddEnclaveMcp</c>); or, at start, access was not decided.</exception>
    public static RouteGroupBuilder MapEnclaveMcp(this IEndpointRouteBuilder endpoints, string path = "/mcp")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        McpRoutes routes = endpoints.ServiceProvider.GetService<McpRoutes>()
            ?? throw new InvalidOperationException("No MCP server is registered: call builder.Services.AddEnclaveMcp() first.");
        RouteGroupBuilder group = endpoints.MapGroup(path);
        Map(HttpMethods.Post, routes.PostAsync);
        Map(HttpMethods.Get, routes.GetAsync);
        Map(HttpMethods.Delete, routes.DeleteAsync);
        // A browser's preflight request carries no credentials.
        group.MapMethods("", [HttpMethods.Options], routes.PreflightAsync).AllowAnonymous();
        ((IEndpointConventionBuilder)group).Finally(Guarded);
        return group;

        void Map(string method, Func<HttpContext, McpCaller, Task> route) => group.MapMethods("", [method], (context) => routes.HandleAsync(context, route));
    }

    private static void Guarded(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.Any((metadata) => metadata is IAuthorizeData or IAllowAnonymous or AuthorizationPolicy)) return;
        throw new InvalidOperationException("MapEnclaveMcp() needs an access rule: call RequireAuthorization() on the returned group, " +
            "or AllowAnonymous() if everybody who reaches this address may run scripts.");
    }
}
