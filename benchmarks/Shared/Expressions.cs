using System.Diagnostics;
using System.Text.Json;

namespace Enclave.Benchmarks;

/// <summary>One expression over many inputs: <c>benchmarks/expressions.mjs</c> chooses both.</summary>
internal sealed class Expressions
{
    private Expressions(JsonElement plan) =>
        (Code, Inputs, Sum) = (plan.GetProperty("code").GetString()!, [.. plan.GetProperty("inputs").EnumerateArray()], plan.GetProperty("sum").GetDouble());

    /// <summary>A function body of <c>input</c>.</summary>
    public string Code { get; }

    public IReadOnlyList<JsonElement> Inputs { get; }

    private double Sum { get; }

    public static async Task<Expressions> ReadAsync() => new(await JsonSerializer.DeserializeAsync<JsonElement>(Console.OpenStandardInput()));

    /// <summary>Measures the best of several passes over all inputs, after one that warms up, and prints microseconds for an input.</summary>
    /// <param name="contestant">Its name.</param>
    /// <param name="inputs">The inputs of a pass: fewer for a slow contestant.</param>
    /// <param name="pass">Evaluates the inputs, and returns the sum of all values.</param>
    public async Task MeasureAsync(string contestant, int inputs, Func<int, Task<double>> pass)
    {
        const int Passes = 5;
        double least = double.MaxValue;
        for (int i = 0; i <= Passes; i++)
        {
            long start = Stopwatch.GetTimestamp();
            double sum = await pass(inputs);
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            if (inputs == Inputs.Count && Math.Abs(sum - Sum) > 1e-6 * Sum) throw new InvalidDataException($"{contestant}: the sum is {sum}, not {Sum}");
            if (i > 0) least = Math.Min(least, time.TotalMicroseconds / inputs);
        }

        Console.WriteLine(JsonSerializer.Serialize(new { contestant, microseconds = Math.Round(least, 2) }));
    }
}
