using Enclave.Host.Tests.OpenApi;

namespace Enclave.Host.Tests.Samples;

/// <summary>The sample of docs/openapi.md.</summary>
public sealed class OpenApiSample : IDisposable
{
    private readonly ServiceBench _bench = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-sample-").FullName;

    public void Dispose()
    {
        _bench.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_services_operations_are_called_refused_and_approved()
    {
        string folder = _folder;
        await File.WriteAllTextAsync(Path.Combine(folder, "SHOP_KEY"), "the-key-of-the-shop\n");
        _bench.Answer = (_, _) => Task.FromResult(ServiceBench.Json("""{ "id": 7, "state": "open" }"""));

        // sample
        var shop = new OpenApiOptions
        {
            Name = "shop",
            Document = "shop.json",
            BaseAddress = new Uri("https://shop.example/v1"),
            Secrets = new Dictionary<string, string> { ["api_key"] = "SHOP_KEY" },
            Include = (operation) => operation.Tags.Contains("orders") && !operation.IsDeprecated,
            Tool = (operation, tool) => operation.Method == "GET" ? tool with { Labels = ["pii"] } : tool with { RequiresApproval = true },
        };
        // end

        shop = shop with
        {
            HttpClient = _bench.Client,
            Document = _bench.Write(ServiceBench.Document("""
                { "/orders/{id}": {
                  "parameters": [ { "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } } ],
                  "get": { "operationId": "getOrder", "tags": ["orders"], "security": [ { "api_key": [] } ] },
                  "delete": { "operationId": "removeOrder", "tags": ["orders"] } },
                  "/users": { "get": { "tags": ["users"] } } }
                """, """
                "components": { "securitySchemes": { "api_key": { "type": "apiKey", "in": "header", "name": "X-Api-Key" } } },
                """)),
        };

        // sample
        using OpenApiService service = await OpenApiService.LoadAsync(shop);
        var options = new EnclaveOptions { Secrets = SecretSources.Folder(folder), OnToolApproval = (request) => new(ToolApproval.Denied("not today")) };
        options.Tools.Add(service);

        await using var enclave = new EnclaveHost(options);
        ExecutionResult result = await enclave.RunAsync("""
            const order = await callTool('shop:getOrder', { id: 7 });
            const refused = [];
            try { await callTool('shop:getOrder', { id: '7/../../admin' }) } catch (e) { refused.push(e.code + ': ' + e.message) }
            try { await callTool('shop:removeOrder', { id: order.id }) } catch (e) { refused.push(e.code + ': ' + e.message) }
            return { order, refused };
            """);
        // end

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal(
            """{"order":{"id":7,"state":"open"},"refused":["TOOL_INVALID_ARGUMENTS: the arguments of shop:getOrder do not fit: """ +
            """$.id is \"7/../../admin\"; expected an integer","TOOL_APPROVAL_DENIED: shop:removeOrder was not approved: not today"]}""",
            result.Value.ToJsonString());
        Assert.Equal(["shop:getOrder", "shop:removeOrder"], service.Tools.Select((tool) => tool.Name));
        Asked asked = Assert.Single(_bench.Requests);
        Assert.Equal(("https://shop.example/v1/orders/7", "the-key-of-the-shop"), (asked.Address.AbsoluteUri, asked.Headers["X-Api-Key"]));
    }
}
