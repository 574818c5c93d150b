using System.IO.Pipelines;
using System.Text.Json;
using Enclave.Tests;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Tests.Servers;

/// <summary>A client that cannot ask its person (elicitation).</summary>
public sealed class ClientWithoutElicitationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_that_needs_an_approval_is_refused_with_its_code_and_never_made()
    {
        int paid = 0;
        var options = new EnclaveOptions { OnToolApproval = CodeServer.AskClientAsync };
        options.Tools.Add("orders:pay", (int id) => Interlocked.Increment(ref paid), new ToolOptions { RequiresApproval = true });
        await using var enclave = new EnclaveHost(options);
        Pipe toServer = new(), toClient = new();
        Task served = CodeServer.RunAsync(enclave, toServer.Reader.AsStream(), toClient.Writer.AsStream(), null, null, Token);
        await using (McpClient client = await McpClient.CreateAsync(
            new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream()), cancellationToken: Token))
        {
            CallToolResult answer = await client.CallToolAsync(
                "run_code",
                new Dictionary<string, object?> { ["code"] = "return await callTool('orders:pay', { id: 1 }).catch((e) => [e.code, e.message])" },
                cancellationToken: Token);

            JsonElement value = answer.StructuredContent!.Value.GetProperty("value");
            Assert.Equal("TOOL_APPROVAL_DENIED", value[0].GetString());
            Assert.StartsWith(
                "orders:pay was not approved: it needs a person's approval, and this client cannot ask one", value[1].GetString(), StringComparison.Ordinal);
        }

        await toServer.Writer.CompleteAsync();
        await Within.Deadline(served, "end of the server");
        Assert.Equal(0, paid);
    }
}
