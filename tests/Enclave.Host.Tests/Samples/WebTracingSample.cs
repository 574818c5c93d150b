using System.Collections.Concurrent;
using System.Diagnostics;
using Enclave.Host.Tests.Web;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Enclave.Host.Tests.Samples;

/// <summary>The sample of docs/telemetry.md for ASP.NET Core.</summary>
[Collection(Alone.Name)]
public sealed class WebTracingSample
{
    [Fact]
    public async Task A_run_in_a_request_is_exported_below_it()
    {
        var spans = new Collected();

        // sample
        using TracerProvider tracing = Sdk.CreateTracerProviderBuilder()
            // Without the request's own source nobody records the request, and nothing below it is recorded either.
            .AddSource("Microsoft.AspNetCore")
            .AddSource("Enclave")
            .AddProcessor(new SimpleActivityExportProcessor(spans)) // or .AddOtlpExporter()
            .Build();
        // end

        await using (WebApp web = await WebApp.Open(
            (app) => app.MapGet("/", async (IEnclave enclave) => (await enclave.RunAsync("return (await callTool('echo', { n: 1 })).n")).Value)))
        {
            Assert.Equal("1", await web.Client.GetStringAsync("/"));
        }

        Activity request = Assert.Single(spans.Seen, (span) => span.OperationName == "Microsoft.AspNetCore.Hosting.HttpRequestIn");
        Assert.Equal(["enclave.run", "enclave.tool", "enclave.worker"], spans.Seen.Where(
            (span) => span.TraceId == request.TraceId && span != request).Select((span) => span.OperationName).Order(StringComparer.Ordinal));
        Assert.Equal(request.SpanId, spans.Seen.Single((span) => span.OperationName == "enclave.run").ParentSpanId);
    }

    private sealed class Collected : BaseExporter<Activity>
    {
        public ConcurrentQueue<Activity> Seen { get; } = [];

        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (Activity one in batch) Seen.Enqueue(one);
            return ExportResult.Success;
        }
    }
}
