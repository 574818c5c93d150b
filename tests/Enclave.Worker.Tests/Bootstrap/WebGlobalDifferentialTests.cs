using System.Text.Json;
using Enclave.JavaScript.Tests;
using Enclave.Tests;

namespace Enclave.Worker.Tests.Bootstrap;

/// <summary>The prelude's web globals compared with node's.</summary>
public sealed class WebGlobalDifferentialTests
{
    [Fact]
    public async Task URL_and_the_encodings_do_as_nodes_do()
    {
        string harness = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests", "Enclave.Worker.Tests", "Bootstrap", "web-globals.js"));
        string input = JsonSerializer.Serialize(
            new { folder = Path.Combine(Repository.Root, "src", "Enclave.Worker", "Bootstrap"), rounds = TestSize.Of(20_000, 1_000_000) });

        string wrong = await PinnedNode.Run(harness, input);

        Assert.Equal("[]", wrong.Trim());
    }
}
