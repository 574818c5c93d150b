using Enclave.Tenants;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary>The example of docs/scripts.md.</summary>
public sealed class SavedScriptsSample
{
    [Fact]
    public async Task The_first_example_runs()
    {
        using var temporary = new TemporaryFolder();
        string folder = temporary.Path;
        // sample
        await using var enclave = new EnclaveHost();
        var scripts = new SavedScripts(ScriptStore.InFolder(folder), enclave);
        await scripts.SaveAsync(new ScriptDraft
        {
            Name = "report",
            Code = "return args.orders.map((o) => o.total).reduce((a, b) => a + b, 0)",
            Parameters = """{ "type": "object", "properties": { "orders": { "type": "array" } }, "required": ["orders"] }""",
            Author = "ann",
            Note = "sum of the orders",
            Activate = true,
        });

        ExecutionResult result = await scripts.RunSavedAsync("report", new { orders = new[] { new { total = 40 }, new { total = 2 } } });
        Console.WriteLine($"{result.Script}: {result.Value}"); // report@1: 42
        // end
        Assert.Equal(("report@1", "42"), (result.Script, result.Value.ToString()));
    }
}
