using System.Diagnostics.Metrics;

namespace Enclave.Broker.Diagnostics;

/// <summary>The instruments of the meter "Enclave.Broker" (docs/telemetry.md).</summary>
internal sealed class BrokerMetrics
{
    /// <summary>The meter's name.</summary>
    public const string Meter = "Enclave.Broker";

    private const string Sessions = "enclave.sessions.duration", Active = "enclave.sessions.active", Code = "code";

    /// <summary>From a session that does nothing to the longest default life.</summary>
    public static InstrumentAdvice<double> Seconds { get; } = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    };

    private readonly Histogram<double> _sessions;
    private readonly UpDownCounter<int> _active;

    public BrokerMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create(Meter);
        _sessions = meter.CreateHistogram(Sessions, "s", "From a session's opening to its last event.", tags: null, Seconds);
        _active = meter.CreateUpDownCounter<int>(Active, "{session}", "Sessions that run.");
    }

    public void Began() => _active.Add(1);

    public void Ended(TimeSpan took, string code)
    {
        _active.Add(-1);
        _sessions.Record(took.TotalSeconds, new KeyValuePair<string, object?>(Code, code));
    }
}
