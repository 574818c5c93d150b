using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Enclave.DotNetPeers;

/// <summary>Prints a JSON line for each figure or mark, at once. benchmarks/peers/run.mjs adds the names of peer and workload.</summary>
internal static class Figures
{
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Mark(string mark) => Print(new { mark });

    public static void Outcome(string metric, string value, string? note = null, int n = 1) =>
        Print(note is null ? new { metric, value, unit = "", n } : new { metric, value, unit = "", n, note });

    public static void Figure(string metric, double value, string unit, int n, string? note = null) =>
        Print(note is null ? new { metric, value = Rounded(value), unit, n } : new { metric, value = Rounded(value), unit, n, note });

    /// <summary>Milliseconds at these percentiles, by nearest rank, so each is a measured value.</summary>
    public static void Percentiles(string metric, List<double> samples, params ReadOnlySpan<int> percents)
    {
        double[] sorted = [.. samples.Order()];
        foreach (int percent in percents)
            Figure($"{metric}, p{percent}", sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * percent / 100.0) - 1)], "ms", sorted.Length);
    }

    private static double Rounded(double value) => double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static void Print(object line) => Console.WriteLine(JsonSerializer.Serialize(line, s_plain));
}
