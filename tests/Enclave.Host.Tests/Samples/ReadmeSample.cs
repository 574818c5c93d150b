using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>The first program of the README. Alone, for the console that it writes to.</summary>
[Collection(Alone.Name)]
public sealed class ReadmeSample
{
    [Fact]
    public async Task A_tool_answers_and_eval_is_refused()
    {
        await using var output = new StringWriter();
        TextWriter console = Console.Out;
        Console.SetOut(output);
        try
        {
            await RunAsync();
        }
        finally
        {
            Console.SetOut(console);
        }

        string[] lines = output.ToString().Split('\n');
        Assert.Equal(["42.5", "VALIDATION_ERROR"], lines[..2]);
        Assert.Contains("NO_EVAL (line 1): eval is not allowed: it turns text into code. Write the code itself", lines[2], StringComparison.Ordinal);
    }

    private static async Task RunAsync()
    {
        // sample
        var options = new EnclaveOptions();
        options.Tools.Add("orders:list", (ListArgs args, ToolContext context, CancellationToken token) =>
            Task.FromResult(new[] { new Order("Ada", 40), new Order("Bob", 2.5) }.Take(args.Limit).ToArray()));
        await using var enclave = new EnclaveHost(options);

        ExecutionResult sum = await enclave.RunAsync("""
            const orders = await callTool('orders:list', { limit: 10 });
            return orders.reduce((sum, order) => sum + order.total, 0);
            """);
        Console.WriteLine(sum.Value); // 42.5

        ExecutionResult refused = await enclave.RunAsync("return eval('1 + 1')");
        Console.WriteLine(refused.Error!.Code.ToCode()); // VALIDATION_ERROR
        Console.WriteLine(refused.Error.Message); // ... NO_EVAL (line 1): eval is not allowed: it turns text into code. Write the code itself ...
        // end
    }

    // sample
    internal sealed record ListArgs(int Limit);

    internal sealed record Order(string Customer, double Total);
    // end
}
