using System.Collections.Concurrent;
using System.Diagnostics;
using Enclave.Tests;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Enclave.Host.Tests.Samples;

/// <summary>The sample of docs/telemetry.md.</summary>
[Collection(Alone.Name)]
public sealed class TelemetrySample
{
    [Fact]
    public async Task Spans_and_metrics_reach_the_exporters()
    {
        var spans = new Collected<Activity>((span) => span.OperationName);
        var metrics = new Collected<Metric>((metric) => metric.Name);

        // sample
        using TracerProvider tracing = Sdk.CreateTracerProviderBuilder()
            .AddSource("Enclave")
            .AddProcessor(new SimpleActivityExportProcessor(spans)) // or .AddOtlpExporter()
            .Build();
        using MeterProvider metering = Sdk.CreateMeterProviderBuilder()
            .AddMeter("Enclave")
            .AddReader(new BaseExportingMetricReader(metrics)) // or .AddOtlpExporter()
            .Build();

        await using (var enclave = new EnclaveHost(new EnclaveOptions { TraceTenant = true }))
        {
            await enclave.RunAsync("return 6 * 7", new RunOptions { Tenant = "acme" });
            metering.ForceFlush();
        }
        // end

        Assert.Equal(["enclave.run", "enclave.worker"], spans.Seen.Order(StringComparer.Ordinal));
        Assert.Contains("enclave.jobs.duration", metrics.Seen);
    }

    private sealed class Collected<T>(Func<T, string> name) : BaseExporter<T>
        where T : class
    {
        public ConcurrentQueue<string> Seen { get; } = [];

        public override ExportResult Export(in Batch<T> batch)
        {
            foreach (T one in batch) Seen.Enqueue(name(one));
            return ExportResult.Success;
        }
    }
}
