using System.Diagnostics;
using System.Diagnostics.Metrics;
using Enclave.Diagnostics;
using Enclave.Protocol;
using Enclave.Runs;
using Enclave.Telemetry;
using Enclave.Tests;

#pragma warning disable CA2012 // The port's answers are there at once, and whoever awaits may be counted instead of the port.

namespace Enclave.Host.Tests.Telemetry;

/// <summary>Without listeners, telemetry allocates nothing: not one byte during a run, a tool call, or a worker's end.</summary>
[Collection(Alone.Name)]
public sealed class NobodyListensTests : IDisposable
{
    private readonly Meter _meter = new("Enclave");

    [Fact]
    public void Nothing_is_allocated()
    {
        Assert.Null(Activity.Current);
        var metrics = new EnclaveMetrics(_meter);
        var host = new HostTelemetry(SecurityLevel.Standard, new ToolCollection(), metrics);
        var job = new ExecutionJob(1, null!, default!, [], null, (_) => { }) { Tools = new Silent(), Memory = null! };
        var call = new ToolInvocation(job, 1, "ask", ScriptValue.Undefined, null!);
        bool watched = false;

        Assert.Equal(0, Allocations.Of(() => Use(1000)));
        Assert.False(watched);

        void Use(int times)
        {
            for (int i = 0; i < times; i++)
            {
                watched |= host.IsWatched;
                watched |= !MeasuredCall.CallAsync(call).IsCompletedSuccessfully;
                metrics.Recycled(RecycleReason.Idle);
                metrics.StartFailed();
                metrics.Killed(1);
                metrics.Security(SecurityEventKind.ProtocolViolation);
            }
        }
    }

    /// <summary>The same measurement with a listener: it does see allocations.</summary>
    [Fact]
    public void With_a_listener_something_is()
    {
        var metrics = new EnclaveMetrics(_meter);
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => self.EnableMeasurementEvents(instrument) };
        listener.Start();
        var host = new HostTelemetry(SecurityLevel.Standard, new ToolCollection(), metrics);

        long before = GC.GetAllocatedBytesForCurrentThread();
        using (RunTelemetry run = host.Begin("run-1", new RunOptions { Tenant = "acme" }, CancellationToken.None))
        {
            var job = new ExecutionJob(1, null!, default!, [], null, (_) => { }) { Tools = new Silent(), Memory = null!, Meter = run };
            Assert.True(MeasuredCall.CallAsync(new ToolInvocation(job, 1, "ask", ScriptValue.Undefined, null!)).IsCompletedSuccessfully);
        }

        Assert.True(host.IsWatched);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() > before);
    }

    public void Dispose() => _meter.Dispose();

    private sealed class Silent : IToolInvoker
    {
        public ValueTask<ScriptValue> CallAsync(ToolInvocation call) => new(ScriptValue.Undefined);
    }
}
