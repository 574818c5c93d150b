using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Enclave.Samples;

/// <summary>Metrics and traces of Enclave and of ASP.NET Core, to a collector or to the console.</summary>
internal static class Telemetry
{
    /// <summary>
    /// <c>Telemetry:Exporter</c> is <c>none</c>, <c>console</c> or <c>otlp</c>. OTLP goes to the address in <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.
    /// </summary>
    public static void AddTelemetry(this IServiceCollection services, IConfigurationSection section)
    {
        string exporter = section["Exporter"] ?? "none";
        if (exporter == "none") return;
        TracerProviderBuilder traces = Sdk.CreateTracerProviderBuilder().AddSource("Enclave").AddSource("Microsoft.AspNetCore");
        MeterProviderBuilder metrics = Sdk.CreateMeterProviderBuilder().AddMeter("Enclave").AddMeter("Microsoft.AspNetCore.Hosting");
        switch (exporter)
        {
            case "console":
                traces.AddProcessor(new SimpleActivityExportProcessor(new ConsoleExporter<Activity>(
                    (span) => $"span {span.OperationName} {span.Duration.TotalMilliseconds:0.00} ms {span.Status} trace {span.TraceId}")));
                metrics.AddReader(new PeriodicExportingMetricReader(
                    new ConsoleExporter<Metric>((metric) => $"metric {metric.Name} ({metric.Unit})"), exportIntervalMilliseconds: 10_000));
                break;
            case "otlp":
                traces.AddOtlpExporter();
                metrics.AddOtlpExporter();
                break;
            default:
                throw new InvalidOperationException($"{section.Path}:Exporter is '{exporter}'; it has to be none, console or otlp");
        }

        // Made by the container, so that it flushes and disposes them when the application stops.
        services.AddSingleton((_) => traces.Build());
        services.AddSingleton((_) => metrics.Build());
        services.AddHostedService((provider) => new Started(provider.GetRequiredService<TracerProvider>(), provider.GetRequiredService<MeterProvider>()));
    }

    /// <summary>Holds the providers from the start: nothing else requests them.</summary>
    private sealed record Started(TracerProvider Traces, MeterProvider Metrics) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class ConsoleExporter<T>(Func<T, string> line) : BaseExporter<T>
        where T : class
    {
        public override ExportResult Export(in Batch<T> batch)
        {
            foreach (T one in batch) Console.WriteLine(line(one));
            return ExportResult.Success;
        }
    }
}
