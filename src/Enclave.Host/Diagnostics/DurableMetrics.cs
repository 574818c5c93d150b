using System.Diagnostics.Metrics;
using System.Text.Json;

namespace Enclave.Diagnostics;

/// <summary>The instruments of durable runs.</summary>
internal sealed class DurableMetrics
{
    private static readonly InstrumentAdvice<long> s_bytes = new()
    {
        HistogramBucketBoundaries = [1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 2 << 20, 4 << 20, 8 << 20, 16 << 20],
    };

    private readonly Lock _gate = new();
    private readonly Counter<long> _suspensions;
    private readonly Counter<long> _wakings;
    private readonly Histogram<double> _replay;
    private readonly Histogram<long> _journal;
    private readonly KeyValuePair<string, object?>[] _host;
    private (object Store, Func<RunTotals?> Count)[] _stores = [];

    /// <param name="meter">The meter.</param>
    /// <param name="host">The tags of the host.</param>
    /// <param name="seconds">The buckets of times.</param>
    public DurableMetrics(Meter meter, KeyValuePair<string, object?>[] host, InstrumentAdvice<double> seconds)
    {
        _host = host;
        _suspensions = meter.CreateCounter<long>(TelemetryNames.DurableSuspensions, "{run}", "Durable runs that this host put aside.");
        _wakings = meter.CreateCounter<long>(TelemetryNames.DurableWakings, "{run}", "Attempts of this host to go on with durable runs.");
        _replay = meter.CreateHistogram(
            TelemetryNames.DurableReplay, "s", "From taking a durable run until its script had done all that it did before.", tags: null, seconds);
        _journal = meter.CreateHistogram(TelemetryNames.DurableJournal, "By", "The journal of a run that was put aside or ended.", tags: null, s_bytes);
        meter.CreateObservableGauge(TelemetryNames.DurableRuns, States, "{run}", "Durable runs in the store.");
        meter.CreateObservableGauge(
            TelemetryNames.DurableDue, () => Counts().Select((one) => new Measurement<long>(one.Due, _host)), "{run}", "Durable runs that wait for a host.");
        meter.CreateObservableGauge(TelemetryNames.DurableAge, () => Counts().Select((one) => new Measurement<double>(one.Age.TotalSeconds, _host)), "s",
            "How long the first durable run whose moment has come waits for a host.");
    }

    /// <summary>Counts the runs of this store, once for all hosts that share it, until the result is disposed.</summary>
    public IDisposable Observe(object store, Func<RunTotals?> count)
    {
        lock (_gate) _stores = [.. _stores, (store, count)];
        return new Observation(this, count);
    }

    /// <summary>A run was suspended.</summary>
    /// <param name="kind">The kind of its wait; null if this host could not continue the run.</param>
    /// <param name="bytes">Its journal.</param>
    public void PutAside(string? kind, long bytes)
    {
        if (_suspensions.Enabled) _suspensions.Add(1, Tags(TelemetryNames.Kind, kind ?? "none"));
        Left(bytes);
    }

    /// <summary>A run was suspended or ended with a journal of this many bytes.</summary>
    public void Left(long bytes)
    {
        if (_journal.Enabled) _journal.Record(bytes, _host);
    }

    /// <summary>This host tried to continue a run.</summary>
    public void Woke(string outcome)
    {
        if (_wakings.Enabled) _wakings.Add(1, Tags(TelemetryNames.Outcome, JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome)));
    }

    public void Replayed(TimeSpan took)
    {
        if (_replay.Enabled) _replay.Record(took.TotalSeconds, _host);
    }

    private KeyValuePair<string, object?>[] Tags(string name, string value) => [new(name, value), .. _host];

    /// <summary>The sum over all stores; nothing before the first count.</summary>
    private RunTotals[] Counts()
    {
        RunTotals[] counts = [.. Volatile.Read(ref _stores).DistinctBy((one) => one.Store).Select((one) => one.Count()).OfType<RunTotals>()];
        return counts.Length == 0 ? [] : [counts.Aggregate((sum, one) => new RunTotals(
            sum.Running + one.Running, sum.Suspended + one.Suspended, sum.Held + one.Held, sum.Ended + one.Ended, sum.Due + one.Due,
            sum.Age > one.Age ? sum.Age : one.Age))];
    }

    private IEnumerable<Measurement<long>> States() => Counts().SelectMany((one) => (Measurement<long>[])
        [
            new(one.Running, Tags(TelemetryNames.State, "running")), new(one.Suspended, Tags(TelemetryNames.State, "suspended")),
            new(one.Held, Tags(TelemetryNames.State, "held")), new(one.Ended, Tags(TelemetryNames.State, "ended")),
        ]);

    private sealed class Observation(DurableMetrics metrics, Func<RunTotals?> count) : IDisposable
    {
        public void Dispose()
        {
            lock (metrics._gate) metrics._stores = [.. metrics._stores.Where((other) => other.Count != count)];
        }
    }
}
