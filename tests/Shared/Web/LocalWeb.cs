using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Enclave.Tests;

/// <summary>Web applications of tests: on a free port of this machine, without logs.</summary>
internal static class LocalWeb
{
    private const string AnyPort = "http://127.0.0.1:0";

    public static WebApplicationBuilder Builder(string address = AnyPort)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        return builder;
    }

    /// <summary>Starts an application and returns its address.</summary>
    public static async Task<Uri> Start(WebApplication app)
    {
        await Within.Deadline(app.StartAsync(), "start of a web application");
        return AddressOf(app);
    }

    /// <summary>The address of a started application.</summary>
    public static Uri AddressOf(WebApplication app) => new(app.Urls.Single());
}
