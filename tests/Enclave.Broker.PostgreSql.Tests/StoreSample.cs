using System.Net.Http.Json;
using System.Text.Json;
using Enclave.Broker.PostgreSql.Tests.Servers;
using Enclave.Broker.Tests;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Enclave.Broker.PostgreSql.Tests;

/// <summary>The page of the store.</summary>
public sealed class StoreSample(PostgresServer server)
{
    [Fact]
    public async Task An_application_keeps_its_sessions_its_audit_and_its_references_in_one_database()
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        string connectionString = database.Broker;
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddEnclave((options) =>
        {
            options.ToolHandler = static (_, _, _) => new("x".PadLeft(4000));
            // sample
            options.Sidecar = new SidecarOptions { Enabled = true, Storage = new PostgreSqlReferenceStore(source) };
            options.Audit = new AuditOptions { Sink = new PostgreSqlAuditSink(source) };
            // end
            options.Sidecar = options.Sidecar with { Threshold = 1024 };
        });
        // sample
        builder.Services.AddEnclaveBroker();
        builder.Services.AddEnclaveBrokerPostgreSql((store) => store.ConnectionString = connectionString);
        // end
        WebApplication app = builder.Build();
        app.MapEnclaveBroker().AllowAnonymous();
        await using (app)
        {
            await Within.Deadline(app.StartAsync(), "start");
            using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
            using HttpResponseMessage response = await Within.Deadline(
                http.PostAsJsonAsync("/sessions", new { code = "const big = await callTool('big', {}); return (await big.load()).length" }), "answer");
            string[] lines = (await Within.Deadline(response.Content.ReadAsStringAsync(), "end of the stream"))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries);

            Assert.Equal(4000, JsonElement.Parse(lines[^1]).Payload().GetProperty("result").GetInt32());
            Assert.Equal(lines.Length, await database.ScalarAsync<long>("SELECT count(*) FROM enclave.event"));
            await Within.Becomes(() => database.ScalarAsync<long>("SELECT count(*) FROM enclave.audit").Result >= 2, "the run and its call were in the audit");
        }
    }

    [Fact]
    public async Task A_host_keeps_its_durable_runs_in_the_database()
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        string connectionString = database.Broker;
        byte[] key = new byte[32];
        var options = new EnclaveOptions();

        // sample
        await using var store = new PostgreSqlRunStore(connectionString);
        options.Durable = new DurableOptions { Store = store, Keys = [key] };
        // end
        await using var enclave = new EnclaveHost(options);
        DurableRun run = await enclave.StartAsync("return 6 * 7", new RunOptions { Durable = "answer" }, TestContext.Current.CancellationToken);

        Assert.Equal(42, run.Result!.Value.AsInt32());
        Assert.Equal(1, await database.ScalarAsync<long>("SELECT count(*) FROM enclave.run"));
    }
}
