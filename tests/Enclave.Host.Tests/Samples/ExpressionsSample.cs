using Enclave.Tests;

namespace Enclave.Host.Tests.Samples;

/// <summary>The example of docs/expressions.md. Alone, for the console that it writes to.</summary>
[Collection(Alone.Name)]
public sealed class ExpressionsSample
{
    private sealed record Order(int Number, string Country, decimal Net);

    [Fact]
    public async Task Prices_orders()
    {
        IReadOnlyList<Order> orders = [new(1, "CH", 100), new(2, "DE", 20)];
        var output = new StringWriter();
        TextWriter console = Console.Out;
        Console.SetOut(output);
        try
        {
            // sample
            await using var enclave = new EnclaveHost();
            const string Rule = "return input.country === 'CH' ? input.net * 1.081 : input.net";

            await foreach (InputResult price in enclave.RunManyAsync(Rule, orders))
                Console.WriteLine(price.Success ? $"{orders[(int)price.Index].Number}: {price.Value.AsDouble():0.00}" : price.Error!.Message);
            // end
        }
        finally
        {
            Console.SetOut(console);
        }

        Assert.Equal("1: 108.10\n2: 20.00\n", output.ToString());
    }
}
