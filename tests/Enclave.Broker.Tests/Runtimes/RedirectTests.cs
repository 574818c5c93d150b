using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Enclave.Broker.Tests.Runtimes;

/// <summary>A runtime that sends its broker elsewhere.</summary>
public sealed class RedirectTests
{
    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_broker_does_not_follow(int status)
    {
        int reached = 0;
        await using WebApplication elsewhere = LocalWeb.Builder().Build();
        elsewhere.Run((context) =>
        {
            Interlocked.Increment(ref reached);
            context.Response.StatusCode = 400;
            return Task.CompletedTask;
        });
        Uri to = await LocalWeb.Start(elsewhere);
        await using WebApplication runtime = LocalWeb.Builder().Build();
        int asked = 0;
        runtime.Run((context) =>
        {
            if (context.Request.Headers.Upgrade == "websocket") Interlocked.Increment(ref asked);
            (context.Response.StatusCode, context.Response.Headers.Location) = (status, new Uri(to, context.Request.Path).ToString());
            return Task.CompletedTask;
        });
        Uri address = await LocalWeb.Start(runtime);
        await using BrokerApp app = await BrokerApp.Over((options) => options.Runtimes.Add(new UriBuilder(address) { Scheme = "ws" }.Uri));

        Assert.Equal("RUNTIME_UNAVAILABLE", (await app.Run("return 1")).Final().ErrorCode());

        Assert.True(asked > 0);
        Assert.Equal(0, reached);
    }
}
