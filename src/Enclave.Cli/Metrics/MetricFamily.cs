using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Enclave.Cli.Metrics;

/// <summary>One instrument in Prometheus' terms: a name, a type, and a series for each set of tags.</summary>
internal sealed class MetricFamily
{
    /// <summary>Our tags have few values; this limit holds if one ever has many.</summary>
    private const int MaxSeries = 1000;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    private readonly string _help;
    private readonly string _kind;
    private readonly double[]? _bounds;

    private MetricFamily(string name, string kind, string help, double[]? bounds) => (Name, _kind, _help, _bounds) = (name, kind, help, bounds);

    public string Name { get; }

    public static MetricFamily Of(Instrument instrument)
    {
        string name = instrument.Name.Replace('.', '_') + instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        string help = instrument.Description ?? "";
        return instrument switch
        {
            Histogram<double> histogram => new MetricFamily(name, "histogram", help, [.. histogram.Advice?.HistogramBucketBoundaries ?? []]),
            Histogram<long> histogram =>
                new MetricFamily(name, "histogram", help, [.. (histogram.Advice?.HistogramBucketBoundaries ?? []).Select((bound) => (double)bound)]),
            Counter<long> => new MetricFamily(name + "_total", "counter", help, null),
            _ => new MetricFamily(name, "gauge", help, null),
        };
    }

    public void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = Labels(tags);
        lock (_gate)
        {
            if (!_series.TryGetValue(labels, out MetricSeries? series))
            {
                if (_series.Count == MaxSeries) return;
                _series[labels] = series = new MetricSeries(_bounds);
            }

            series.Add(value);
        }
    }

    /// <summary>Clears the series before an observable instrument is read again, because it reports all of them.</summary>
    public void Forget()
    {
        lock (_gate) _series.Clear();
    }

    public void WriteTo(StringBuilder page)
    {
        lock (_gate)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"# HELP {Name} {_help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\n# TYPE {Name} " +
                $"{_kind}\n");
            foreach ((string labels, MetricSeries series) in _series) series.WriteTo(page, Name, labels);
        }
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new StringBuilder();
        foreach ((string name, object? value) in tags)
        {
            if (labels.Length > 0) labels.Append(',');
            labels.Append(name.Replace('.', '_')).Append("=\"");
            foreach (char c in Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")
            {
                if (c == '\n') labels.Append("\\n");
                else labels.Append(c is '"' or '\\' ? "\\" : "").Append(c);
            }

            labels.Append('"');
        }

        return labels.ToString();
    }
}
