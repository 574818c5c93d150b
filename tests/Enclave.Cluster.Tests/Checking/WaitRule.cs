using Enclave.Cluster.Tests.Chaos;
using Enclave.Cluster.Tests.Load;

namespace Enclave.Cluster.Tests.Checking;

/// <summary>No session waits longer than its fair bound.</summary>
/// <remarks>
/// The queue of a broker lets waiting tenants take turns. A session that is the k-th of its tenant, while sessions of A tenants wait there, has at most k·A
/// before it, whatever the other tenants open meanwhile. With S slots for a broker and H for the mean time that a session holds its slot, it begins after
/// (k·A / S + 1)·H, plus s_slack for the store and two cores; and never later than the queue's timeout. A fault affects a wait if it lasts during the wait,
/// or ended less than s_rest before it. A fault of a broker or of its links affects only sessions that were opened or read there. Each adds its duration
/// and the time until it is detected. The bound is never above s_cap, the longest of all waits, plus the time that the store was unavailable.
/// </remarks>
internal static class WaitRule
{
    public const string Name = "fair wait";

    /// <summary>The time after which a broker ends a session that has not begun (QueueTimeout).</summary>
    private static readonly TimeSpan s_queue = TimeSpan.FromSeconds(30);

    /// <summary>The queue's timeout; plus a lease, half a lease and two polls until another broker ends the sessions of a dead one.</summary>
    private static readonly TimeSpan s_cap = s_queue + TimeSpan.FromSeconds(20);

    /// <summary>The longest pause before a broker or a runtime reconnects to RabbitMQ, and a heartbeat.</summary>
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(5);

    public static IEnumerable<Finding> Check(Evidence evidence) =>
        Measure(evidence).Where((wait) => wait.Waited > wait.Bound).Select((wait) => new Finding(
            Name, wait.Session, $"{wait.Tenant} waited {wait.Waited.TotalSeconds:0.0} s of at most {wait.Bound.TotalSeconds:0.0}, " +
            $"{(wait.IsCalm ? $"in calm with {wait.Ahead} before it" : "under faults")}"));

    public static IReadOnlyList<Wait> Measure(Evidence evidence)
    {
        Dictionary<string, long> begins = evidence.Clients.Where(
            (record) => record.Kind == ClientRecordKind.Line && EventPeek.Head(record.Text).Type is not ("session_init" or "heartbeat" or "final"))
            .GroupBy((record) => record.Session).ToDictionary((group) => group.Key, (group) => group.Min((record) => record.At));
        var spans = evidence.Store.Where((session) => session.EndedAt is not null)
            .Select((session) => new Span(session, Math.Max(session.OpenedAt, begins.GetValueOrDefault(session.Id, session.EndedAt!.Value)))).ToList();
        double hold = spans.Where((span) => begins.ContainsKey(span.Session.Id))
            .Select((span) => Math.Max(0, span.Session.EndedAt!.Value - span.To) / 1e6).DefaultIfEmpty(0).Average();
        ILookup<long, Span> byBroker = spans.ToLookup((span) => span.Session.Broker);
        ILookup<string, ClientRecord> records = evidence.Clients.ToLookup((record) => record.Session);
        return [.. spans.Select((span) => Of(span, byBroker[span.Session.Broker], hold, evidence, [
            .. records[span.Session.Id].Where((record) => record.At <= span.To).Select((record) => record.Broker)]))];
    }

    private static Wait Of(Span span, IEnumerable<Span> beside, double hold, Evidence evidence, HashSet<string> brokers)
    {
        Span[] together = [.. beside.Where((other) => other.From <= span.To && other.To >= span.From)];
        int own = together.Count((other) => other.Session.Owner == span.Session.Owner && other.From <= span.From),
            tenants = together.Select((other) => other.Session.Owner).Distinct().Count();
        double slots = (double)evidence.Slots / evidence.Brokers;
        TimeSpan fair = Least(s_slack + TimeSpan.FromSeconds(((own * tenants / slots) + 1) * hold), s_queue + s_slack);
        Fault[] touching = [.. evidence.Faults.Where(
            (fault) => fault.Kind != FaultKind.StepClock && fault.From <= span.To && fault.To + Micro(s_rest) >= span.From && Touches(fault, brokers))];
        var lost = TimeSpan.FromMicroseconds(touching.Sum((fault) => span.Overlap(fault) + Micro(FoundOut(fault.Kind))));
        var away = TimeSpan.FromMicroseconds(touching.Where((fault) => fault.Target == "postgres").Sum(span.Overlap));
        return new Wait(span.Session.Id,
            span.Session.Owner, TimeSpan.FromMicroseconds(span.To - span.From), Least(fair + lost, s_cap + away), touching.Length == 0, own * tenants);
    }

    /// <summary>Runtimes and servers are shared by all brokers.</summary>
    private static bool Touches(Fault fault, HashSet<string> brokers) =>
        !fault.Target.StartsWith("broker-", StringComparison.Ordinal) || brokers.Contains(fault.Target.Split('>')[0]);

    /// <summary>The time until the affected parts detect a fault and work again.</summary>
    private static TimeSpan FoundOut(FaultKind kind) => TimeSpan.FromSeconds(kind switch
    {
        // A lease, half a lease, and two polls.
        FaultKind.KillBroker or FaultKind.PauseBroker or FaultKind.StopBroker => 20,
        // Silence, and the same time again until RabbitMQ gives the taken runs to another runtime.
        FaultKind.PauseRuntime or FaultKind.StallLink or FaultKind.PauseRabbit => 20,
        FaultKind.KillRuntime or FaultKind.SlowLink => 3,
        _ => 10,
    });

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static long Micro(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    private sealed record Span(StoredSession Session, long To)
    {
        public long From => Session.OpenedAt;

        /// <summary>Microseconds during which both lasted.</summary>
        public long Overlap(Fault fault) => Math.Max(0, Math.Min(fault.To, To) - Math.Max(fault.From, From));
    }
}
