using System.Diagnostics;
using System.Text.Json;
using Enclave.Guard;
using Enclave.Tests;

namespace Enclave.Host.Tests.Globals;

/// <summary>The globals of the web platform do what node's do.</summary>
public sealed class NodeParityTests
{
    private const string Runner = """
        const AsyncFunction = (async () => {}).constructor;
        let text = '';
        // Timers of AbortSignal.timeout do not keep node alive.
        const alive = setInterval(() => {}, 1000);
        process.stdin.on('data', (part) => { text += part; }).on('end', async () => {
          const out = [];
          for (const code of JSON.parse(text)) out.push(JSON.stringify(await AsyncFunction(code)()));
          console.log(JSON.stringify(out));
          clearInterval(alive);
        });
        """;

    [Theory]
    [InlineData("web-programs.txt", 33)]
    [InlineData("fetch-programs.txt", 17)]
    public async Task Each_program_has_the_value_that_node_gives(string file, int least)
    {
        string[] programs = [.. (await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests/Enclave.Host.Tests/Globals", file)))
            .Split("\n\n", StringSplitOptions.TrimEntries).Where((part) => part.Length > 0 && part[0] != '#')];
        string[] expected = await AskNodeAsync(programs);
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            Preset = GuardPreset.JavaScript,
            Fetch = file == "fetch-programs.txt" ? new FetchOptions { Origins = [new FetchOrigin { Origin = "https://a.b" }] } : null,
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
        });

        for (int i = 0; i < programs.Length; i++)
        {
            ExecutionResult result = await Within.Deadline(host.RunAsync(programs[i]), programs[i]);

            Assert.True(result.Success, $"{programs[i]}\n{result.Error?.Code} {result.Error?.Message}");
            Assert.True(Same(expected[i], result.Value.ToJsonString()), $"{programs[i]}\nnode: {expected[i]}\nhere: {result.Value.ToJsonString()}");
        }

        Assert.True(programs.Length >= least, "the programs are gone");
    }

    private static bool Same(string one, string other) => JsonElement.DeepEquals(JsonElement.Parse(one), JsonElement.Parse(other));

    private static async Task<string[]> AskNodeAsync(string[] programs)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "artifacts/engine/node"), ["-e", Runner])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process node = Process.Start(start)!;
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(programs));
        node.StandardInput.Close();
        string answer = await Within.Deadline(node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), "node");
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize<string[]>(answer)!;
    }
}
