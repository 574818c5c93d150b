using Enclave.Tests;

namespace Enclave.Host.Tests.Samples;

/// <summary>The sample of docs/double-vm.md.</summary>
public sealed class DoubleVmSample
{
    [Fact]
    public async Task The_sample_of_the_page_runs_and_stands_there()
    {
        // sample
        await using var enclave = new EnclaveHost(new EnclaveOptions
        {
            ToolHandler = (name, args, context) => new(name switch
            {
                "orders:list" => new[] { new { id = 1, tenant = args["tenant"].AsString(), shown = args["limit"].AsInt32() } },
                "orders:delete" => $"deleted {args["id"].AsInt32()}",
                _ => throw new ToolException($"there is no tool {name}"),
            }),
            DoubleVm = new DoubleVmOptions
            {
                PolicyGlobals = new Dictionary<string, object?> { ["most"] = 100 },
                ToolPolicy = """
                    let deletions = 0;
                    return (call) => {
                      if (call.name === 'orders:list') return { allow: true, args: { tenant: call.tenant, limit: Math.min(call.args.limit ?? most, most) } };
                      if (call.name === 'orders:delete') return ++deletions <= 2 || { allow: false, reason: 'two deletions are enough for one run' };
                      return false;
                    };
                    """,
            },
        });

        ExecutionResult listed = await enclave.RunAsync(
            "const orders = await callTool('orders:list', { tenant: 'someone else', limit: 5000 }); return orders[0]", new RunOptions { Tenant = "acme" });
        Console.WriteLine(listed.Value.ToJsonString()); // {"id":1,"tenant":"acme","shown":100}

        ExecutionResult greedy = await enclave.RunAsync("for (let id = 1; id <= 3; id++) await callTool('orders:delete', { id })");
        Console.WriteLine(greedy.Error!.Message); // the tool policy refused the call of orders:delete: two deletions are enough for one run
        // end

        Assert.Equal("{\"id\":1,\"tenant\":\"acme\",\"shown\":100}", listed.Value.ToJsonString());
        Assert.Equal("the tool policy refused the call of orders:delete: two deletions are enough for one run", greedy.Error!.Message);
        Assert.Contains($"```csharp\n{Sample()}```\n", File.ReadAllText(Path.Combine(Repository.Root, "docs", "double-vm.md")), StringComparison.Ordinal);
    }

    /// <summary>The text between the two marks, without its indentation.</summary>
    private static string Sample()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Enclave.Host.Tests", "Samples", "DoubleVmSample.cs"));
        int from = Array.FindIndex(lines, (line) => line.Trim() == "// sample") + 1, to = Array.FindIndex(lines, (line) => line.Trim() == "// end");
        return string.Concat(lines[from..to].Select((line) => (line.Length == 0 ? line : line[8..]) + "\n"));
    }
}
