using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Host.Tests.Web;

/// <summary>An ASP.NET Core application on a free port, with a host of one worker.</summary>
internal sealed class WebApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebApp(WebApplication app) => _app = app;

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false });

    public static async Task<WebApp> Open(Action<WebApplication> map, Action<IServiceCollection>? add = null)
    {
        WebApplicationBuilder builder = LocalWeb.Builder();
        builder.Services.AddEnclave((options) =>
        {
            options.WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 1, MaxWorkers = 1 };
            options.ToolHandler = static (_, args, _) => new(args);
        });
        add?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        map(app);
        var web = new WebApp(app);
        web.Client.BaseAddress = await LocalWeb.Start(app);
        return web;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
