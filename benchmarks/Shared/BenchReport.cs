using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Enclave.Benchmarks;

/// <summary>Prints the figures of one workload, one per line, as soon as they are measured.</summary>
internal sealed class BenchReport(string contestant, string workload, bool jsonLines)
{
    private static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Outcome(string metric, string value, string? note = null) => Print(metric, value, "", 1, note);

    public void Figure(string metric, double value, string unit, int count, string? note = null) => Print(metric, Rounded(value), unit, count, note);

    /// <summary>Milliseconds at these percentiles: <c>late, p95</c>. The first line has the note.</summary>
    public void Percentiles(string metric, IReadOnlyCollection<double> samples, ReadOnlySpan<int> percents, string? note = null)
    {
        double[] sorted = [.. samples.Order()];
        foreach (int percent in percents)
        {
            Figure($"{metric}, p{percent}", Percentile.Of(sorted, percent), "ms", sorted.Length, note);
            note = null;
        }
    }

    private static double Rounded(double value) => double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private void Print(string metric, object value, string unit, int count, string? note)
    {
        Console.WriteLine(
            jsonLines ? Json(metric, value, unit, count, note) : $"{workload,-4} {metric,-32} {value,14} {unit,-7}{(note is null ? "" : $" {note}")}");
    }

    private string Json(string metric, object value, string unit, int count, string? note)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_plain))
        {
            json.WriteStartObject();
            json.WriteString("peer", contestant);
            json.WriteString("workload", workload);
            json.WriteString("metric", metric);
            json.WritePropertyName("value");
            JsonSerializer.Serialize(json, value);
            json.WriteString("unit", unit);
            json.WriteNumber("n", count);
            if (note is not null) json.WriteString("note", note);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
