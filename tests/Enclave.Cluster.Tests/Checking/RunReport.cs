using System.Globalization;
using System.Text;
using Enclave.Cluster.Tests.Chaos;
using Enclave.Cluster.Tests.Load;

namespace Enclave.Cluster.Tests.Checking;

/// <summary>The numbers of a run.</summary>
internal static class RunReport
{
    public static string Of(Evidence evidence, IReadOnlyList<string> refused)
    {
        var report = new StringBuilder();
        IReadOnlyList<Wait> waits = WaitRule.Measure(evidence);
        report.AppendLine(
            $"sessions {evidence.Store.Count}, events {evidence.Store.Sum((session) => session.Events.Count)}, tool calls carried out {evidence.Tools.Count}");
        report.AppendLine($"finals: {Counts(evidence.Store.Select((session) => EventPeek.Code(session.Events[^1].Line)))}");
        report.AppendLine($"faults: {Counts(evidence.Faults.Select((fault) => fault.Kind.ToString()))}");
        report.AppendLine($"clients: {Counts(evidence.Clients.Select((record) => record.Kind.ToString()))}");
        foreach (bool calm in (bool[])[true, false])
        {
            Wait[] some = [.. waits.Where((wait) => wait.IsCalm == calm)];
            if (some.Length == 0) continue;
            Wait longest = some.MaxBy((wait) => wait.Waited)!, closest = some.MaxBy((wait) => wait.Waited / wait.Bound)!;
            report.AppendLine($"waits {(calm ? "in calm" : "under faults")}: {some.Length}, of them " +
                $"{some.Count((wait) => wait.Waited > TimeSpan.FromSeconds(1))} above 1 s; longest {Told(longest)}; closest to its bound {Told(closest)}");
        }

        long begun = evidence.Store.Min((session) => session.OpenedAt);
        foreach (Fault fault in evidence.Faults.OrderBy((fault) => fault.From))
            report.AppendLine($"  {Seconds(fault.From)} to {Seconds(fault.To)} s {fault.Kind} {fault.Target}");
        report.AppendLine($"scripts that began in each 5 s: {string.Join(' ', Begins(evidence, begun))}");
        foreach (string line in refused) report.AppendLine($"not done: {line}");
        return report.ToString();

        string Seconds(long at) => string.Create(CultureInfo.InvariantCulture, $"{(at - begun) / 1e6:0.0}");
    }

    private static IEnumerable<int> Begins(Evidence evidence, long begun)
    {
        int[] at = [.. evidence.Tools.Where((call) => call.Step == 0).Select((call) => (int)((call.At - begun) / 5_000_000))];
        return Enumerable.Range(0, at.DefaultIfEmpty(0).Max() + 1).Select((bucket) => at.Count((one) => one == bucket));
    }

    private static string Told(Wait wait) => $"{wait.Waited.TotalSeconds:0.0} s of {wait.Bound.TotalSeconds:0.0} ({wait.Tenant}, {wait.Ahead} ahead)";

    private static string Counts(IEnumerable<string> all) =>
        string.Join(", ", all.GroupBy((one) => one).OrderByDescending((group) => group.Count()).Select((group) => $"{group.Key} {group.Count()}"));
}
