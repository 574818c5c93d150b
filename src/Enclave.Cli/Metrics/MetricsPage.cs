using System.Diagnostics.Metrics;
using System.Text;

namespace Enclave.Cli.Metrics;

/// <summary>The metrics of the meters "Enclave" and "Enclave.Broker" since its creation, in the text format of Prometheus, version 0.0.4.</summary>
internal sealed class MetricsPage : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly HashSet<MetricFamily> _asked = [];
    private readonly MeterListener _listener = new();

    public MetricsPage()
    {
        _listener.InstrumentPublished = Publish;
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((MetricFamily)family!).Add(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((MetricFamily)family!).Add(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => ((MetricFamily)family!).Add(value, tags));
        _listener.Start();
    }

    public string Read()
    {
        var page = new StringBuilder();
        // One reader at a time: concurrent collections would add up.
        lock (_gate)
        {
            foreach (MetricFamily family in _asked) family.Forget();
            _listener.RecordObservableInstruments();
            foreach (MetricFamily family in _families.Values) family.WriteTo(page);
        }

        return page.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Publish(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name is not ("Enclave" or "Enclave.Broker")) return;
        var family = MetricFamily.Of(instrument);
        lock (_gate)
        {
            // Each host of a process has its own meter, and their values are added.
            if (_families.TryGetValue(family.Name, out MetricFamily? known)) family = known;
            else _families[family.Name] = family;
            if (instrument.IsObservable) _asked.Add(family);
        }

        listener.EnableMeasurementEvents(instrument, family);
    }
}
