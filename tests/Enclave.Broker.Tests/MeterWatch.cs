using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Broker.Tests;

/// <summary>Records the instruments of one broker, and of no other broker in the same process.</summary>
internal sealed class MeterWatch : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Sample> _samples = new();

    public MeterWatch(IServiceProvider services, string meter = "Enclave.Broker")
    {
        object scope = services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == meter && instrument.Meter.Scope == scope) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The recorded measurements since the start, in order.</summary>
    public Sample[] Recorded(string instrument) => [.. _samples.Where((sample) => sample.Instrument == instrument)];

    /// <summary>The present value of a gauge.</summary>
    public Sample[] Observe(string instrument)
    {
        int before = _samples.Count;
        _listener.RecordObservableInstruments();
        return [.. _samples.Skip(before).Where((sample) => sample.Instrument == instrument)];
    }

    public void Dispose() => _listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _samples.Enqueue(new Sample(instrument.Name, value, string.Join(
            ' ', tags.ToArray().OrderBy((tag) => tag.Key, StringComparer.Ordinal).Select((tag) => $"{tag.Key}={tag.Value}"))));

    /// <param name="Instrument">Its name.</param>
    /// <param name="Value">Its value, in its unit.</param>
    /// <param name="Tags">Its tags as <c>key=value</c>, sorted by key.</param>
    internal sealed record Sample(string Instrument, double Value, string Tags);
}
