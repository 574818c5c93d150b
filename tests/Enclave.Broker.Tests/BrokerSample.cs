using System.Net.Http.Json;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Enclave.Broker.Tests;

/// <summary>The broker's page.</summary>
public sealed class BrokerSample
{
    [Fact]
    public async Task A_broker_in_an_application()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        string secret = Convert.ToHexString(Guid.NewGuid().ToByteArray());
        // sample
        builder.Services.AddEnclave((options) =>
        {
            options.SecurityLevel = SecurityLevel.Secure;
            options.Tools.Add(
                "orders:count", (OrderQuery query, ToolContext context, CancellationToken token) => Task.FromResult(query.Status == "open" ? 3 : 0));
        });
        builder.Services.AddEnclaveBroker((broker) => broker.AllowedOrigins = ["https://app.example"]);
        builder.Services.AddEnclaveBrokerTokens((tokens) => tokens.Add(secret, owner: "shop-backend", tenant: "shop"));

        WebApplication app = builder.Build();
        app.MapEnclaveBroker().RequireAuthorization();
        // end
        await using (app)
        {
            await Within.Deadline(app.StartAsync(), "start");
            using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
            http.DefaultRequestHeaders.Authorization = new("Bearer", secret);
            using HttpResponseMessage response = await Within.Deadline(
                http.PostAsJsonAsync("/sessions", new { code = "return await callTool('orders:count', { status: 'open' })" }), "answer");

            Assert.Equal(3, (await BrokerApp.Events(response)).Final().GetProperty("result").GetInt32());
        }
    }

    // sample
    internal sealed record OrderQuery(string Status);
    // end
}
