using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;

namespace Enclave.Mcp.AspNetCore.Endpoints;

/// <summary>
/// Requests of the revisions without sessions, which the library answers (<c>ModelContextProtocol.AspNetCore</c>). It has services of its own, so that an
/// application may have another MCP server beside this one.
/// </summary>
internal sealed class StatelessRequests : IAsyncDisposable, IDisposable
{
    private readonly ServiceProvider _services;
    private readonly RequestDelegate _answer;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);
    private readonly McpEndpointOptions _options;
    private int _all;

    /// <param name="options">The limits: a request counts as a session while it is under way.</param>
    /// <param name="lifetime">The application.</param>
    /// <param name="configure">Makes the settings of one request's server.</param>
    public StatelessRequests(
        McpEndpointOptions options, IHostApplicationLifetime lifetime, Func<HttpContext, McpServerOptions, CancellationToken, Task> configure)
    {
        _options = options;
        var services = new ServiceCollection();
        services.AddRouting();
        services.AddSingleton(lifetime);
        // A log without providers, because the library's lines would contain messages of clients.
        services.AddLogging();
        services.AddMcpServer().WithHttpTransport((http) => (http.SessionMode, http.ConfigureSessionOptions) = (HttpServerSessionMode.Stateless, configure));
        _services = services.BuildServiceProvider();
        var routes = new Routes(_services);
        routes.MapMcp();
        _answer = routes.DataSources.SelectMany((source) => source.Endpoints).Single().RequestDelegate!;
    }

    /// <summary>Answers a request, or gives the reason why there are too many.</summary>
    public async Task<RpcError?> AnswerAsync(HttpContext context, string payer)
    {
        lock (_gate)
        {
            if (_all >= _options.MaxSessions) return RpcError.Full(_options.MaxSessions);
            int own = _open.GetValueOrDefault(payer);
            if (own >= _options.MaxSessionsPerOwner) return RpcError.OwnerFull(_options.MaxSessionsPerOwner);
            (_all, _open[payer]) = (_all + 1, own + 1);
        }

        try
        {
            await _answer(context).ConfigureAwait(false);
            return null;
        }
        finally
        {
            lock (_gate)
            {
                _all--;
                if (--_open[payer] == 0) _open.Remove(payer);
            }
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    public void Dispose() => _services.Dispose();

    /// <summary>Collects the library's one route.</summary>
    private sealed class Routes(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}
