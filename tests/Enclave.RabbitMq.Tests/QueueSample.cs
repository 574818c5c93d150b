using System.Net.Http.Headers;
using Enclave.Broker.Tests;
using Enclave.RabbitMq.Tests.Servers;
using Enclave.Runtime;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Enclave.RabbitMq.Tests;

/// <summary>The page of the queues.</summary>
public sealed class QueueSample(RabbitServer server)
{
    [Fact]
    public async Task A_broker_and_a_runtime_at_one_server()
    {
        Uri address = server.Fresh();
        string secret = Convert.ToHexString(Guid.NewGuid().ToByteArray());
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        // sample
        builder.Services.AddOptions<EnclaveOptions>().Configure((options) =>
            options.Tools.Add(
                "orders:count", (OrderQuery query, ToolContext context, CancellationToken token) => Task.FromResult(query.Status == "open" ? 3 : 0)));
        builder.Services.AddEnclaveBrokerOverQueues((queues) =>
        {
            queues.Address = address;
            queues.TenantOf = (tenant) => tenant == "shop"
                ? new QueueTenant { Level = SecurityLevel.Standard, Priority = 1 }
                : new QueueTenant { Level = SecurityLevel.Standard, TrustClass = "guests", MaxRunning = 2, MaxWaiting = 10 };
        });
        // end
        builder.Services.AddEnclaveBrokerTokens((tokens) => tokens.Add(secret, "shop-backend", "shop"));
        WebApplication app = builder.Build();
        app.MapEnclaveBroker().RequireAuthorization();
        await using (app)
        {
            await Within.Deadline(app.StartAsync(), "start");
            // sample
            await using RuntimeWorker runtime = RuntimeWorkerFactory.CreateRuntimeWorker(
                new RuntimeWorkerOptions { Port = 0, MaxSessions = 20, SecurityLevel = SecurityLevel.Standard });
            await runtime.StartAsync();
            await using QueueRuntime queue = QueueRuntime.Start(runtime, new QueueRuntimeOptions { Address = address });
            await queue.WhenConnectedAsync();
            // end
            using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
            using HttpResponseMessage response = await Within.Deadline(
                http.PostAsync("/sessions", BrokerApp.Json("""{ "code": "return await callTool('orders:count', { status: 'open' })" }""")), "answer");

            Assert.Equal(3, (await BrokerApp.Events(response)).Final().GetProperty("result").GetInt32());
            Assert.Equal(1, runtime.GetStats().TotalSessions);
            // sample
            await queue.StopAsync();
            await runtime.StopAsync();
            // end
        }
    }

    // sample
    internal sealed record OrderQuery(string Status);
    // end
}
