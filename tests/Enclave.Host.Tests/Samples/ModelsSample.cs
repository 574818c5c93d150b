using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Enclave.Tests;

namespace Enclave.Host.Tests.Samples;

/// <summary>The sample of docs/models.md.</summary>
public sealed class ModelsSample
{
    [Fact]
    public async Task Runs()
    {
        var asked = new List<string>();
        string[] answers = ["let i = 0;\nwhile (i < 3) i++;",
            "const orders = await callTool('orders:list', { limit: 3 });\nreturn orders.reduce((sum, order) => sum + order.total, 0);"];
        Task<string> AskModelAsync(string prompt)
        {
            asked.Add(prompt);
            return Task.FromResult(answers[asked.Count - 1]);
        }

        // sample
        var options = new EnclaveOptions();
        options.Tools.Add(
            "orders:list",
            (ListArgs args, ToolContext context, CancellationToken token) =>
                Task.FromResult(Enumerable.Range(1, args.Limit).Select((id) => new Order(id, 10.5 * id)).ToArray()),
            new ToolOptions { Description = "Lists orders, newest first." });
        await using var enclave = new EnclaveHost(options);

        string prompt = enclave.DescribeForModel() + "\nTask: add up the totals of the last three orders.\n";
        ExecutionResult result;
        int attempts = 0;
        do
        {
            string script = await AskModelAsync(prompt);
            result = await enclave.RunAsync(script);
            prompt += $"\n{script}\n\n{result.Error?.ToModelText()}\n";
        }
        while (!result.Success && ++attempts < 3);

        Console.WriteLine(result.Value); // 63
        // end
        Assert.Equal("63", result.Value.ToString());
        Assert.Equal(2, asked.Count);
        Assert.Contains("- line 2: FORBIDDEN_LOOP: 'while' loops are not allowed.", asked[1], StringComparison.Ordinal);
        string described = enclave.DescribeForModel();
        Assert.Contains($"```typescript\n{described[described.IndexOf("/** Lists", StringComparison.Ordinal)..]}```",
            await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "models.md")), StringComparison.Ordinal);
    }

    // sample
    internal sealed record ListArgs([property: Description("how many"), Range(1, 100)] int Limit);

    internal sealed record Order(int Id, double Total);
    // end
}
