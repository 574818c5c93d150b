using System.Globalization;
using System.Text;

namespace Enclave.Cli.Metrics;

/// <summary>The measurements of one set of tags: a sum, and for a histogram the number below each bound.</summary>
internal sealed class MetricSeries(double[]? bounds)
{
    private readonly long[] _buckets = new long[bounds?.Length ?? 0];
    private double _sum;
    private long _count;

    public void Add(double value)
    {
        _sum += value;
        _count++;
        for (int i = _buckets.Length - 1; i >= 0 && value <= bounds![i]; i--) _buckets[i]++;
    }

    public void WriteTo(StringBuilder page, string name, string labels)
    {
        if (bounds is null)
        {
            AppendSample(page, name, labels, _sum);
            return;
        }

        string first = labels.Length > 0 ? $"{labels}," : "";
        for (int i = 0; i < bounds.Length; i++)
            AppendSample(page, $"{name}_bucket", $"{first}le=\"{bounds[i].ToString(CultureInfo.InvariantCulture)}\"", _buckets[i]);
        AppendSample(page, $"{name}_bucket", $"{first}le=\"+Inf\"", _count);
        AppendSample(page, $"{name}_sum", labels, _sum);
        AppendSample(page, $"{name}_count", labels, _count);
    }

    private static void AppendSample(StringBuilder page, string name, string labels, double value) =>
        page.Append(CultureInfo.InvariantCulture, $"{name}{(labels.Length > 0 ? $"{{{labels}}}" : "")} {value}\n");
}
