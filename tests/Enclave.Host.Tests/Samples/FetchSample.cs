using Enclave.Host.Tests.Fetch;
using Microsoft.AspNetCore.Http;

namespace Enclave.Host.Tests.Samples;

/// <summary>The sample of docs/fetch.md.</summary>
public sealed class FetchSample : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-sample-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_allowed_origin_is_asked_with_its_secret()
    {
        await using FetchBench bench = await FetchBench.Open((context) => context.Response.WriteAsJsonAsync((int[])[1, 2]));
        (string api, string folder) = (bench.Origin, _folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "API_KEY"), "the-key-of-the-api\n");

        // sample
        var options = new EnclaveOptions
        {
            Fetch = new FetchOptions
            {
                Origins = [new FetchOrigin { Origin = api, Methods = ["GET", "POST"], Credential = HttpCredential.Bearer("API_KEY") }],
                Tool = (tool) => tool with { MaxCalls = 20 },
            },
            Secrets = SecretSources.Folder(folder),
        };
        await using var enclave = new EnclaveHost(options);

        ExecutionResult result = await enclave.RunAsync("""
            const response = await fetch(`${api}/orders?limit=2`);
            if (!response.ok) throw new Error(`HTTP ${response.status}`);
            const orders = await response.json();
            const refused = await fetch('http://169.254.169.254/latest/meta-data').then((r) => r.status, (e) => `${e.name} ${e.code}`);
            return { count: orders.length, refused };
            """, new RunOptions { Globals = new Dictionary<string, object?> { ["api"] = api } });
        // end

        Assert.Equal("""{"count":2,"refused":"TypeError FETCH_REFUSED"}""", result.Value.ToJsonString());
        Assert.Equal("Bearer the-key-of-the-api", Assert.Single(bench.Asked).Headers["authorization"]);
    }
}
