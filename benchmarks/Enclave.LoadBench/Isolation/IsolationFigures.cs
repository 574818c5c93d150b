using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Enclave.LoadBench.Isolation;

/// <summary>Milliseconds by level, figure and side; as a Markdown table or as JSON.</summary>
internal sealed class IsolationFigures
{
    private readonly Dictionary<(string Level, string Figure, Side? Side), List<double[]>> _samples = [];

    /// <summary>Adds a group of samples that were taken at one time.</summary>
    public void Add(string level, string figure, Side? side, params double[] samples)
    {
        if (!_samples.TryGetValue((level, figure, side), out List<double[]>? groups)) _samples[(level, figure, side)] = groups = [];
        groups.Add(samples);
    }

    public string ToTable()
    {
        var table = new StringBuilder(
            "| level | figure, ms | with p50 | p95 | without p50 | p95 | difference of p50 | samples |\n|---|---|--:|--:|--:|--:|--:|--:|\n");
        foreach ((string level, string figure) in Rows())
        {
            double[] with = Of(level, figure, Side.Isolated) ?? Of(level, figure, null)!;
            double[]? without = Of(level, figure, Side.Bare);
            string other = without is null ? "– | – | –" : Text(
                $"{Percentile.Of(without, 50):0.00} | {Percentile.Of(without, 95):0.00} | {Percentile.Of(with, 50) - Percentile.Of(without, 50):+0.00;-0.00}");
            table.Append(Text(
                $"| {level.ToUpperInvariant()} | {figure} | {Percentile.Of(with, 50):0.00} | {Percentile.Of(with, 95):0.00} | {other} | {with.Length} |\n"));
        }

        return table.ToString();
    }

    public string ToJson() => JsonSerializer.Serialize(_samples.Select((entry) => new
    {
        level = entry.Key.Level,
        figure = entry.Key.Figure,
        side = entry.Key.Side?.ToString(),
        p50 = Percentile.Of(Sorted(entry.Value), 50),
        p95 = Percentile.Of(Sorted(entry.Value), 95),
        n = entry.Value.Sum((group) => group.Length),
        // The median of each block shows how much the figure moves with other work on the machine.
        blocks = entry.Value.Where((group) => group.Length > 1).Select((group) => Percentile.Of([.. group.Order()], 50)),
    }));

    private IEnumerable<(string Level, string Figure)> Rows() => _samples.Keys.Select((key) => (key.Level, key.Figure)).Distinct();

    private double[]? Of(string level, string figure, Side? side) =>
        _samples.TryGetValue((level, figure, side), out List<double[]>? groups) ? Sorted(groups) : null;

    private static double[] Sorted(List<double[]> groups) => [.. groups.SelectMany((group) => group).Order()];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
