using Enclave.Broker.Access;
using Enclave.Broker.Endpoints;
using Enclave.Broker.Errors;
using Enclave.Broker.Http;
using Enclave.Tenants;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The broker's routes.</summary>
public static class EnclaveBrokerEndpointRouteBuilderExtensions
{
    private const string Sessions = "/sessions", Session = "/sessions/{id}", Stream = "/sessions/{id}/stream";

    /// <summary>
    /// Maps the session routes. Access must be decided: call <c>RequireAuthorization()</c> on the returned
    /// group, or <c>AllowAnonymous()</c> if everybody may run scripts.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="prefix">The prefix of all paths. Default: none.</param>
    /// <returns>The group of routes.</returns>
    /// <exception cref="InvalidOperationException">At start, if neither was called.</exception>
    public static RouteGroupBuilder MapEnclaveBroker(this IEndpointRouteBuilder endpoints, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        BrokerRoutes routes = Routes(endpoints);
        RouteGroupBuilder group = endpoints.MapGroup(prefix);
        Map(HttpMethods.Post, Sessions, routes.CreateAsync);
        Map(HttpMethods.Post, "/execute", routes.CreateAsync);
        Map(HttpMethods.Get, Sessions, routes.ListAsync);
        Map(HttpMethods.Get, Session, routes.GetAsync);
        Map(HttpMethods.Delete, Session, routes.DeleteAsync);
        Map(HttpMethods.Get, Stream, routes.StreamAsync);
        Map(HttpMethods.Post, "/sessions/{id}/cancel", routes.CancelAsync);
        Map(HttpMethods.Post, "/sessions/{id}/tool-result", routes.ToolResultAsync);
        Map(HttpMethods.Get, "/code/actions", routes.ActionsAsync);
        // Liveness and readiness probes have no token.
        foreach (string path in (string[])["/health", "/health/ready"])
            group.MapMethods(path, [HttpMethods.Get], (context) => routes.HandleAsync(context, routes.HealthAsync)).AllowAnonymous();
        group.MapMethods("/health/live", [HttpMethods.Get], (context) => routes.HandleAsync(context, routes.LiveAsync)).AllowAnonymous();
        // A browser's preflight request carries no credentials.
        foreach (string path in (string[])[Sessions, Session, Stream, "/execute", "/sessions/{id}/cancel", "/sessions/{id}/tool-result", "/code/actions"])
            group.MapMethods(path, [HttpMethods.Options], routes.PreflightAsync).AllowAnonymous();
        Map(null, "/sessions/{**rest}", static (context, _) => JsonResponses.ErrorAsync(context, Unrouted((string?)context.Request.RouteValues["rest"])));
        ((IEndpointConventionBuilder)group).Finally(Guarded);
        return group;

        void Map(string? method, string path, Func<HttpContext, Caller, Task> route)
        {
            RequestDelegate handler = (context) => routes.HandleAsync(context, route);
            if (method is null) group.Map(path, handler);
            else group.MapMethods(path, [method], handler);
        }
    }

    /// <summary>
    /// Maps one route for the operator of this broker: sessions per second and per code, the local workers or the runtimes, and their isolation
    /// (docs/broker.md, Figures). It covers all owners. Access must be decided here too.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="path">The path. Default: <c>/figures</c>.</param>
    /// <returns>The group of the one route: call <c>RequireAuthorization()</c> or <c>AllowAnonymous()</c> on it.</returns>
    /// <exception cref="InvalidOperationException">No broker is registered; or, at start, neither was called.</exception>
    public static RouteGroupBuilder MapEnclaveBrokerFigures(this IEndpointRouteBuilder endpoints, string path = "/figures")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return MapOperators<StatsRoute>(endpoints, path, static (route, context) => route.AnswerAsync(context));
    }

    /// <summary>
    /// Maps one route for the operator of all brokers: every broker and runtime known here, queues, tenants and security
    /// events (docs/broker.md, Fleet). Only operators should have access.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="path">The path. Default: <c>/fleet</c>.</param>
    /// <returns>The group of the one route: call <c>RequireAuthorization</c> on it, with
    /// <see cref="BrokerTokens.OperatorRole"/> where tokens are the broker's own.</returns>
    /// <exception cref="InvalidOperationException">No broker is registered; or, at start, the route has no authorization.</exception>
    public static RouteGroupBuilder MapEnclaveBrokerFleet(this IEndpointRouteBuilder endpoints, string path = "/fleet")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return MapOperators<FleetRoute>(endpoints, path, static (route, context) => route.AnswerAsync(context));
    }

    /// <summary>
    /// Maps the routes for the operator of durable runs, of all tenants: lists, timelines, answers, cancels (docs/durable-runs.md, Operation). Give access to
    /// operators only: an answer to a wait decides for the script.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="path">The path. Default: <c>/runs</c>.</param>
    /// <returns>The group of routes: call <c>RequireAuthorization</c> on it, with <see cref="BrokerTokens.OperatorRole"/> where tokens are the
    /// broker's own.</returns>
    /// <exception cref="InvalidOperationException">No broker with workers of its own is registered; or, at start, the routes have no
    /// authorization.</exception>
    public static RouteGroupBuilder MapEnclaveRuns(this IEndpointRouteBuilder endpoints, string path = "/runs")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        BrokerRoutes routes = Routes(endpoints);
        RunRoutes runs = endpoints.ServiceProvider.GetService<RunRoutes>()
            ?? throw new InvalidOperationException("Durable runs need a broker with workers of its own: call builder.Services.AddEnclaveBroker() first.");
        RouteGroupBuilder group = endpoints.MapGroup(path);
        Map(HttpMethods.Get, "", runs.ListAsync);
        Map(HttpMethods.Get, "/run", runs.ShowAsync);
        Map(HttpMethods.Delete, "/run", runs.DeleteAsync);
        Map(HttpMethods.Post, "/run/cancel", runs.CancelAsync);
        Map(HttpMethods.Post, "/answer", runs.AnswerAsync);
        ((IEndpointConventionBuilder)group).Finally(Guarded);
        return group;

        void Map(string method, string path, Func<HttpContext, Task> route) =>
            group.MapMethods(path, [method], (context) => routes.HandleAsync(context, (_, _) => route(context)));
    }

    /// <summary>
    /// Maps the routes for the operator of tenants: who uses what, policies, states, usage (docs/tenants.md, Operators). Only operators should have access.
    /// The name of the token's owner is in the audit of each change.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="path">The path. Default: <c>/tenants</c>.</param>
    /// <returns>The group of routes: call <c>RequireAuthorization</c> on it, with <see cref="BrokerTokens.OperatorRole"/> where tokens are the
    /// broker's own.</returns>
    /// <exception cref="InvalidOperationException">No broker or no tenants are registered; or, at start, the routes have no authorization.</exception>
    public static RouteGroupBuilder MapEnclaveTenants(this IEndpointRouteBuilder endpoints, string path = "/tenants")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        BrokerRoutes routes = Routes(endpoints);
        EnclaveTenants tenants = endpoints.ServiceProvider.GetService<EnclaveTenants>()
            ?? throw new InvalidOperationException("No tenants are registered: call builder.Services.AddEnclave().AddTenants(...) first.");
        var answers = new TenantRoutes(tenants, endpoints.ServiceProvider.GetRequiredService<RequestBody>());
        RouteGroupBuilder group = endpoints.MapGroup(path);
        Map(HttpMethods.Get, "", answers.ListAsync);
        Map(HttpMethods.Get, "/tenant", answers.ShowAsync);
        Map(HttpMethods.Put, "/tenant", answers.PutAsync);
        Map(HttpMethods.Post, "/tenant/state", answers.SetStateAsync);
        Map(HttpMethods.Get, "/usage", answers.UsageAsync);
        ((IEndpointConventionBuilder)group).Finally(Guarded);
        return group;

        void Map(string method, string path, Func<HttpContext, Task> route) =>
            group.MapMethods(path, [method], (context) => routes.HandleAsync(context, (_, _) => route(context)));
    }

    /// <summary>A group with one route and required authorization.</summary>
    private static RouteGroupBuilder MapOperators<T>(IEndpointRouteBuilder endpoints, string path, Func<T, HttpContext, Task> answer)
        where T : notnull
    {
        BrokerRoutes routes = Routes(endpoints);
        T route = endpoints.ServiceProvider.GetRequiredService<T>();
        RouteGroupBuilder group = endpoints.MapGroup(path);
        group.MapMethods("", [HttpMethods.Get], (context) => routes.HandleAsync(context, (_, _) => answer(route, context)));
        ((IEndpointConventionBuilder)group).Finally(Guarded);
        return group;
    }

    private static BrokerRoutes Routes(IEndpointRouteBuilder endpoints) =>
        endpoints.ServiceProvider.GetService<BrokerRoutes>()
            ?? throw new InvalidOperationException("No broker is registered: call builder.Services.AddEnclaveBroker() first.");

    /// <summary>The error for a request that matches no route: its path or its method is wrong.</summary>
    private static BrokerError Unrouted(string? rest) => (rest ?? "").Split('/') switch
    {
        [""] => BrokerError.Method("GET, POST, OPTIONS"),
        [_] => BrokerError.Method("GET, DELETE, OPTIONS"),
        [_, "stream"] => BrokerError.Method("GET, OPTIONS"),
        [_, "cancel" or "tool-result"] => BrokerError.Method("POST, OPTIONS"),
        _ => BrokerError.NoRoute,
    };

    private static void Guarded(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.Any((metadata) => metadata is IAuthorizeData or IAllowAnonymous or AuthorizationPolicy)) return;
        throw new InvalidOperationException("MapEnclaveBroker(), MapEnclaveBrokerFigures(), MapEnclaveBrokerFleet(), MapEnclaveRuns() and " +
            "MapEnclaveTenants() need an access rule: call RequireAuthorization() on the returned group, or AllowAnonymous() if everybody who reaches " +
            "this address may run scripts.");
    }
}
