using Enclave.Tests;

namespace Enclave.Host.Tests.Samples;

/// <summary>The sample of docs/libraries.md.</summary>
public sealed class LibrariesSample
{
    [Fact]
    public async Task The_sample_of_the_page_runs()
    {
        string packages = Path.Combine(Repository.Root, "artifacts", "npm", "bundles", "node_modules");
        if (!Directory.Exists(packages)) Assert.Skip($"{packages} is not installed. Run ./test.sh");
        // sample
        var options = new EnclaveOptions
        {
            Libraries =
            [
                Library.FromFile("dayjs", Path.Combine(packages, "dayjs", "dayjs.min.js")),
                new Library("prices", "exports.gross = (net, rate) => Math.round(net * (1 + rate) * 100) / 100")
                {
                    Description = "Prices with tax.",
                    TypeScript = "{ gross(net: number, rate: number): number }",
                },
            ],
        };
        await using var enclave = new EnclaveHost(options);

        ExecutionResult result = await enclave.RunAsync(
            "return { due: dayjs('2026-01-31').add(1, 'month').format('YYYY-MM-DD'), sum: prices.gross(19.99, 0.19) }");
        Console.WriteLine(result.Value.ToJsonString()); // {"due":"2026-02-28","sum":23.79}
        // end

        Assert.Equal("{\"due\":\"2026-02-28\",\"sum\":23.79}", result.Value.ToJsonString());
    }
}
