using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Enclave.Tests;

namespace Enclave.Host.Tests.Samples;

/// <summary>The first sample of docs/models.md. Alone, for the console that it writes to.</summary>
[Collection(Alone.Name)]
public sealed class ModelsSample : IDisposable
{
    private readonly TextWriter _console = Console.Out;
    private readonly StringWriter _output = new();

    public ModelsSample() => Console.SetOut(_output);

    public void Dispose() => Console.SetOut(_console);

    [Fact]
    public async Task Runs()
    {
        var asked = new List<string>();
        string[] answers = ["Sure:\n```js\nlet i = 0;\nwhile (i < 3) i++;\n```\n",
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
        for (int attempt = 0; attempt < 3; attempt++)
        {
            string answer = await AskModelAsync(prompt);
            ModelProgram program = ModelText.ExtractProgram(answer); // models send prose and fences around the script
            ExecutionResult? result = program.Success ? await enclave.RunAsync(program.Source, new RunOptions { Language = program.Language }) : null;
            if (result is { Success: true })
            {
                Console.WriteLine(result.Value); // 63
                break;
            }

            prompt += $"\n{answer}\n\n{result?.Error?.ToModelText() ?? program.Refusal}\n";
        }
        // end
        Assert.Equal("63\n", _output.ToString());
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
