using System.Diagnostics.Metrics;

namespace Enclave.Broker.Diagnostics;

/// <summary>The instruments of the meter "Enclave.Broker" (docs/telemetry.md).</summary>
internal sealed class BrokerMetrics
{
    /// <summary>The meter's name.</summary>
    public const string Meter = DispatchTags.Meter;

    private const string Sessions =
        "enclave.sessions.duration", Active = "enclave.sessions.active", Refusals = "enclave.sessions.refused", Wait = "enclave.dispatch.wait", Code = "code";

    /// <summary>Bucket bounds, from a session that does nothing to the longest default lifetime.</summary>
    public static InstrumentAdvice<double> Seconds { get; } = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    };

    private readonly Histogram<double> _sessions;
    private readonly UpDownCounter<int> _active;
    private readonly Counter<long> _refused;
    private readonly Histogram<double> _waits;

    public BrokerMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create(Meter);
        _sessions = meter.CreateHistogram(Sessions, "s", "From a session's opening to its last event.", tags: null, Seconds);
        _active = meter.CreateUpDownCounter<int>(Active, "{session}", "Sessions that run.");
        _refused = meter.CreateCounter<long>(Refusals, "{session}", "Sessions that were refused.");
        _waits = meter.CreateHistogram(Wait, "s", "From a session's opening until a runtime accepts it.", tags: null, Seconds);
    }

    public void Began() => _active.Add(1);

    /// <summary>Counts a session that was refused.</summary>
    public void Refused(string code) => _refused.Add(1, new KeyValuePair<string, object?>(Code, code));

    /// <summary>Records how long a session waited for a runtime.</summary>
    public void Waited(TimeSpan time, string transport, string? queue) => _waits.Record(time.TotalSeconds, DispatchTags.Of(transport, queue));

    public void Ended(TimeSpan took, string code)
    {
        _active.Add(-1);
        _sessions.Record(took.TotalSeconds, new KeyValuePair<string, object?>(Code, code));
    }
}
