using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>The ten lines of the README. Alone, for the console that it writes to.</summary>
[Collection(Alone.Name)]
public sealed class ReadmeSample
{
    [Fact]
    public async Task Orders_of_one_customer_are_summed()
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

        Assert.Equal("42.5\n", output.ToString());
    }

    private static async Task RunAsync()
    {
        // sample
        await using var enclave = new EnclaveHost(new EnclaveOptions
        {
            ToolHandler = async (name, args, context) => name == "orders" ? await Orders.For((string)context.Context!, args["since"].AsString()) : null,
        });
        ExecutionResult result = await enclave.RunAsync(
            "const orders = await callTool('orders', { since: args.since }); return orders.map((o) => o.total).reduce((a, b) => a + b, 0);",
            new RunOptions { Context = "customer-7", Timeout = TimeSpan.FromSeconds(2), Globals = new Dictionary<string, object?> { ["args"] = new { since = "2026-01-01" } } });
        Console.WriteLine(result.Success ? result.Value.AsDouble() : $"{result.Error!.Code.ToCode()}: {result.Error.Message}");
        // end
    }

    private static class Orders
    {
        public static Task<object> For(string customer, string since) =>
            Task.FromResult<object>(customer == "customer-7" && since == "2026-01-01" ? new[] { new { total = 40.0 }, new { total = 2.5 } } : []);
    }
}
