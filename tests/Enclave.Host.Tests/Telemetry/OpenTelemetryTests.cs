using System.Collections.Concurrent;
using System.Diagnostics;
using Enclave.Tests;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Enclave.Host.Tests.Telemetry;

/// <summary>The output of an OpenTelemetry pipeline that knows only the names "Enclave".</summary>
[Collection(Alone.Name)]
public sealed class OpenTelemetryTests
{
    [Fact]
    public async Task Spans_and_metrics_arrive_with_the_units_and_buckets_they_were_made_with()
    {
        var spans = new Exported<Activity>((span) => $"{span.OperationName} {span.Status}");
        var metrics = new Exported<Metric>(Describe);
        using (TracerProvider tracing = Sdk.CreateTracerProviderBuilder().AddSource("Enclave").AddProcessor(new SimpleActivityExportProcessor(spans)).Build())
        using (MeterProvider metering = Sdk.CreateMeterProviderBuilder().AddMeter("Enclave").AddReader(new BaseExportingMetricReader(metrics)).Build())
        {
            await using var host = new EnclaveHost(new EnclaveOptions { ToolHandler = static (_, args, _) => new(args) });
            Assert.True((await host.RunAsync("return await callTool('echo', { a: 1 })")).Success);
            Assert.False((await host.RunAsync("eval('1')")).Success);
            metering.ForceFlush();
        }

        Assert.Equal(["enclave.run Error", "enclave.run Unset", "enclave.tool Unset", "enclave.worker Unset"], spans.Seen.Order(StringComparer.Ordinal));
        Assert.All(
            ["enclave.jobs.duration s Histogram 19", "enclave.tools.duration s Histogram 19", "enclave.workers.idle {worker} LongSumNonMonotonic 0",
                "enclave.guard.refusals {script} LongSum 0"],
            (metric) => Assert.Contains(metric, metrics.Seen));
    }

    private static string Describe(Metric metric)
    {
        int buckets = 0;
        foreach (MetricPoint point in metric.GetMetricPoints())
        {
            if (metric.MetricType != MetricType.Histogram) break;
            foreach (HistogramBucket _ in point.GetHistogramBuckets()) buckets++;
            break;
        }

        return $"{metric.Name} {metric.Unit} {metric.MetricType} {buckets}";
    }

    private sealed class Exported<T>(Func<T, string> describe) : BaseExporter<T>
        where T : class
    {
        public ConcurrentQueue<string> Seen { get; } = [];

        public override ExportResult Export(in Batch<T> batch)
        {
            foreach (T one in batch) Seen.Enqueue(describe(one));
            return ExportResult.Success;
        }
    }
}
