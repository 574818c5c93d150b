using System.Diagnostics.Metrics;

namespace Enclave.RabbitMq.Brokers;

/// <summary>The instruments of the meter "Enclave.Broker" that tell of queues (docs/telemetry.md).</summary>
internal sealed class DispatchMetrics
{
    private const string Meter = "Enclave.Broker", Queue = "queue", Reason = "reason";

    private static readonly InstrumentAdvice<double> s_seconds = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    };

    public DispatchMetrics(IMeterFactory factory, Dispatcher dispatcher)
    {
        Meter meter = factory.Create(Meter);
        Histogram<double> waited = meter.CreateHistogram("enclave.dispatch.wait", "s", "From a session's opening to its begin on a runtime.", tags: null, s_seconds);
        Counter<long> refused = meter.CreateCounter<long>("enclave.dispatch.refused", "{message}", "Messages of runtimes that were not believed.");
        meter.CreateObservableGauge("enclave.dispatch.waiting", () => Gauge(dispatcher, static (lane) => lane.Waiting), "{session}", "Sessions that wait in this broker.");
        meter.CreateObservableGauge("enclave.dispatch.published", () => Gauge(dispatcher, static (lane) => lane.Published), "{session}", "Sessions of this broker that are with the server and have not begun.");
        meter.CreateObservableGauge("enclave.dispatch.slots.free", () => Gauge(dispatcher, static (lane) => lane.Free), "{session}", "Sessions that runtimes could begin now.");
        meter.CreateObservableGauge("enclave.dispatch.age", () => Gauge(dispatcher, static (lane) => lane.Age.TotalSeconds), "s", "How long the first session in this broker has waited.");
        dispatcher.Waited = (lane, time) => waited.Record(time.TotalSeconds, new KeyValuePair<string, object?>(Queue, lane));
        dispatcher.Refused = (why) => refused.Add(1, new KeyValuePair<string, object?>(Reason, why));
    }

    private static IEnumerable<Measurement<double>> Gauge(Dispatcher dispatcher, Func<LaneFigures, double> value) =>
        dispatcher.Look().Select((lane) => new Measurement<double>(value(lane), new KeyValuePair<string, object?>(Queue, lane.Lane)));
}
