using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Host.Tests.Telemetry;

/// <summary>An application with one host, and every measurement of its meter.</summary>
internal sealed class Figures : IAsyncDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Figure> _figures = [];
    private readonly ServiceProvider _services;

    public Figures(Action<EnclaveOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddMetrics();
        services.AddEnclave(configure);
        _services = services.BuildServiceProvider();
        object meters = _services.GetRequiredService<IMeterFactory>();
        // Other tests' hosts have meters with the same name.
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Enclave" && ReferenceEquals(instrument.Meter.Scope, meters)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
        Host = _services.GetRequiredService<EnclaveHost>();
    }

    public EnclaveHost Host { get; }

    /// <summary>The measurements of one instrument so far, as <c>tag=value,…</c> and the number.</summary>
    public (string Tags, double Value)[] Of(string name) =>
        [.. _figures.Where((figure) => figure.Name == name).Select((figure) => (figure.Tags, figure.Value))];

    public string[] TagsOf(string name) => [.. Of(name).Select((figure) => figure.Tags)];

    /// <summary>The names of all instruments with measurements.</summary>
    public string[] Names => [.. _figures.Select((figure) => figure.Name).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The present value of an observed instrument.</summary>
    public double Now(string name)
    {
        _listener.RecordObservableInstruments();
        return Of(name)[^1].Value;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _services.DisposeAsync();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var words = new List<string>();
        foreach (KeyValuePair<string, object?> tag in tags) words.Add($"{tag.Key}={tag.Value}");
        _figures.Enqueue(new Figure(instrument.Name, string.Join(',', words), value));
    }

    private sealed record Figure(string Name, string Tags, double Value);
}
