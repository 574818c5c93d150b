using System.Diagnostics;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Mcp.Tests.Http;

/// <summary><c>/mcp</c> of <c>enclave serve</c>.</summary>
public sealed class ServeTests
{
    private const string Secret = "token-of-the-broker-0123456789";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_brokers_token_opens_its_mcp_server_and_appears_nowhere()
    {
        var start = new ProcessStartInfo("dotnet", [Interop.Cli, "serve", "--port", "0", "--json", "--debug", "--client-tool", "ask"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ENCLAVE_TOKEN"] = Secret;
        using Process serve = Process.Start(start)!;
        Task<string> log = serve.StandardError.ReadToEndAsync(Token);
        try
        {
            string line = (await serve.StandardOutput.ReadLineAsync(Token))!;
            var address = new Uri($"{JsonElement.Parse(line).GetProperty("listening").GetString()}/mcp");
            McpSourceOptions options = new()
            {
                Name = "broker",
                Address = address,
                SecretHeaders = new Dictionary<string, string> { ["Authorization"] = "Bearer {TOKEN}" },
                Secrets = SecretSources.Of((name, tenant, token) => new ValueTask<string?>(Secret)),
            };
            await using McpToolSource source = await McpToolSource.ConnectAsync(options, null, Token);
            Assert.Equal(["broker:run_code", "broker:search_tools", "broker:describe_tools"], source.Tools.Select((tool) => tool.Name));
            await using var enclave = new EnclaveHost(With(source));

            ExecutionResult result = await enclave.RunAsync("return (await tools.broker.run_code({ code: 'return 6 * 7' })).value", cancellationToken: Token);

            Assert.True(result.Success, result.Error?.Message);
            Assert.Equal(42, result.Value.AsInt32());
            McpSourceOptions withoutToken = new() { Name = "broker", Address = address };
            await Assert.ThrowsAsync<McpSourceException>(() => McpToolSource.ConnectAsync(withoutToken, null, Token));
        }
        finally
        {
            using (Process kill = Process.Start("/bin/bash", ["-c", $"kill -TERM {serve.Id}"])) await kill.WaitForExitAsync(Token);
            await Within.Deadline(serve.WaitForExitAsync(Token), "end of the broker");
        }

        Assert.DoesNotContain(Secret, await log, StringComparison.Ordinal);
    }

    private static EnclaveOptions With(McpToolSource source)
    {
        var options = new EnclaveOptions { OnToolApproval = (request) => new(ToolApproval.Approved) };
        options.Tools.Add(source);
        return options;
    }
}
