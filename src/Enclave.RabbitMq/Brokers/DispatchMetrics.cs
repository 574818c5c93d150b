using System.Diagnostics.Metrics;
using Enclave.Broker.Diagnostics;

namespace Enclave.RabbitMq.Brokers;

/// <summary>The instruments of the meter "Enclave.Broker" for queues (docs/telemetry.md).</summary>
internal sealed class DispatchMetrics
{
    private const string Transport = "transport", Reason = "reason";

    public DispatchMetrics(IMeterFactory factory, Dispatcher dispatcher)
    {
        Meter meter = factory.Create(DispatchTags.Meter);
        Counter<long> refused = meter.CreateCounter<long>("enclave.dispatch.refused", "{message}", "Messages of runtimes that were refused.");
        meter.CreateObservableGauge(
            "enclave.dispatch.waiting", () => Gauge(dispatcher, static (lane) => lane.Waiting), "{session}", "Sessions that wait at this broker.");
        meter.CreateObservableGauge("enclave.dispatch.published",
            () => Gauge(dispatcher, static (lane) => lane.Published), "{session}", "Sessions of this broker that are at the server and have not begun.");
        meter.CreateObservableGauge(
            "enclave.dispatch.slots.free", () => Gauge(dispatcher, static (lane) => lane.Free), "{session}", "Sessions that runtimes could begin now.");
        meter.CreateObservableGauge("enclave.dispatch.age",
            () => Gauge(dispatcher, static (lane) => lane.Age.TotalSeconds), "s", "How long the first session at this broker has waited.");
        dispatcher.Refused += (why) => refused.Add(1, new(Transport, QueueTransport.TransportName), new(Reason, why));
    }

    private static IEnumerable<Measurement<double>> Gauge(Dispatcher dispatcher, Func<LaneStats, double> value) =>
        dispatcher.ReadStats().Select((lane) => new Measurement<double>(value(lane), DispatchTags.Of(QueueTransport.TransportName, lane.Lane)));
}
