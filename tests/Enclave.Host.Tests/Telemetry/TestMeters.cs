using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Enclave.Diagnostics;

namespace Enclave.Host.Tests.Telemetry;

/// <summary>A separate meter for a host without a container, and a listener that counts.</summary>
internal sealed class TestMeters : IDisposable
{
    private readonly Meter _meter = new("Enclave");
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public TestMeters()
    {
        Metrics = new EnclaveMetrics(_meter);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, _meter)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => _counts.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        _listener.Start();
    }

    public EnclaveMetrics Metrics { get; }

    public long Count(string name) => _counts.GetValueOrDefault(name);

    public void Dispose()
    {
        _listener.Dispose();
        _meter.Dispose();
    }
}
