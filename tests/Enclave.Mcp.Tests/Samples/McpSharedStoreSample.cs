using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Enclave.Mcp.Tests.Samples;

/// <summary>The sample of docs/mcp.md: processes that answer each other's questions. <c>StatelessTests</c> asks two of them.</summary>
public sealed class McpSharedStoreSample
{
    [Fact]
    public async Task The_host_of_the_server_keeps_its_runs_where_other_processes_find_them()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        string folder = Directory.CreateTempSubdirectory("enclave-mcp-").FullName;
        byte[] key = new byte[32];
        try
        {
            // sample
            builder.Services.AddEnclave((options) => options.Durable = new DurableOptions { Store = RunStore.InFolder(folder), Keys = [key] });
            builder.Services.AddEnclaveMcp();
            // end
            await using WebApplication app = builder.Build();
            app.MapEnclaveMcp("/mcp");

            DurableOptions durable = app.Services.GetRequiredService<IOptions<EnclaveOptions>>().Value.Durable!;
            Assert.Same(key, Assert.Single(durable.Keys));
            await durable.Store.DisposeAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
