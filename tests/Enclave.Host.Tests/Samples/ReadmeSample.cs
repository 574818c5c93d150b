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
        var options = new EnclaveOptions();
        options.Tools.Add("orders", async (OrdersArgs args, ToolContext context, CancellationToken token) => await Orders.ForAsync((string)context.Context!, args.Since, token));
        await using var enclave = new EnclaveHost(options);
        ExecutionResult result = await enclave.RunAsync(
            "const orders = await callTool('orders', { since: args.since }); return orders.map((o) => o.total).reduce((a, b) => a + b, 0);",
            new RunOptions { Context = "customer-7", Timeout = TimeSpan.FromSeconds(2), Globals = new Dictionary<string, object?> { ["args"] = new { since = "2026-01-01" } } });
        Console.WriteLine(result.Success ? result.Value.AsDouble() : $"{result.Error!.Code.ToCode()}: {result.Error.Message}");
        // end
    }

    // sample
    private sealed record OrdersArgs(DateOnly Since);
    // end

    private static class Orders
    {
        public static Task<OrderTotal[]> ForAsync(string customer, DateOnly since, CancellationToken token) =>
            Task.FromResult<OrderTotal[]>(customer == "customer-7" && since == new DateOnly(2026, 1, 1) && !token.IsCancellationRequested ? [new(40.0), new(2.5)] : []);
    }

    private sealed record OrderTotal(double Total);
}
