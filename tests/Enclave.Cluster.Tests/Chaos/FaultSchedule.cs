namespace Enclave.Cluster.Tests.Chaos;

/// <summary>
/// Draws faults: storms with calms between them. Every kind comes once before any repeats, if
/// time allows. A part or link has at most one fault at a time.
/// </summary>
internal static class FaultSchedule
{
    private static readonly TimeSpan s_calm = TimeSpan.FromSeconds(14), s_storm = TimeSpan.FromSeconds(24), s_rest = TimeSpan.FromSeconds(6);

    /// <param name="parts">The names of the parts.</param>
    /// <param name="links">The names of the links.</param>
    /// <param name="every">The kinds of faults.</param>
    /// <param name="length">The duration of the schedule.</param>
    /// <param name="seed">The seed of the random draws.</param>
    public static IReadOnlyList<PlannedFault> Draw(
        IReadOnlyList<string> parts, IReadOnlyList<string> links, IReadOnlyList<FaultKind> every, TimeSpan length, int seed)
    {
        var random = new Random(seed);
        var busy = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        var faults = new List<PlannedFault>();
        var kinds = new Queue<FaultKind>();
        TimeSpan at = TimeSpan.FromSeconds(4), storm = at + s_storm;
        while (at < length)
        {
            if (kinds.Count == 0)
                foreach (FaultKind next in (faults.Count == 0 ? every : random.GetItems(Weighted(), 8).Concat(every)).OrderBy((_) => random.Next()))
                    kinds.Enqueue(next);
            FaultKind kind = kinds.Dequeue();
            TimeSpan lasts = Lasts(kind);
            string[] targets = at + lasts > storm ? [] : [.. Targets(kind).Where((target) => busy.GetValueOrDefault(target) <= at)];
            // A fault that does not fit now comes later.
            if (targets.Length == 0)
            {
                kinds.Enqueue(kind);
                at += TimeSpan.FromMilliseconds(100);
            }
            else
            {
                string target = targets[random.Next(targets.Length)];
                busy[target] = at + lasts + s_rest;
                faults.Add(new PlannedFault(at, kind, target, lasts, (random.Next(2) == 0 ? 1 : -1) * (random.Next(2) == 0 ? 3600 : 60)));
                at += TimeSpan.FromMilliseconds(random.Next(600, 2600));
            }

            if (at < storm) continue;
            at += s_calm;
            storm = at + s_storm;
        }

        return faults;

        IEnumerable<string> Targets(FaultKind kind) => kind switch
        {
            FaultKind.KillBroker or FaultKind.StopBroker or FaultKind.PauseBroker => Of("broker-"),
            FaultKind.KillRuntime or FaultKind.PauseRuntime => Of("runtime-"),
            FaultKind.RestartPostgres or FaultKind.KillPostgres or FaultKind.PausePostgres => ["postgres"],
            FaultKind.RestartRabbit or FaultKind.KillRabbit or FaultKind.PauseRabbit => ["rabbitmq"],
            FaultKind.StepClock => Of("broker-").Concat(Of("runtime-")),
            _ => links,
        };

        IEnumerable<string> Of(string prefix) => parts.Where((part) => part.StartsWith(prefix, StringComparison.Ordinal));

        TimeSpan Lasts(FaultKind kind) => TimeSpan.FromMilliseconds(kind switch
        {
            FaultKind.PausePostgres or FaultKind.PauseRabbit => random.Next(500, 7_000),
            FaultKind.PauseBroker or FaultKind.PauseRuntime => random.Next(4) == 0 ? random.Next(13_000, 17_000) : random.Next(1_000, 6_000),
            FaultKind.StallLink => random.Next(4) == 0 ? random.Next(11_000, 16_000) : random.Next(1_000, 6_000),
            FaultKind.SlowLink => random.Next(3_000, 9_000),
            FaultKind.CutLink => random.Next(300, 5_000),
            FaultKind.StepClock => 0,
            _ => random.Next(300, 4_000),
        });
    }

    private static FaultKind[] Weighted() =>
    [
        FaultKind.KillBroker, FaultKind.KillBroker, FaultKind.KillRuntime, FaultKind.KillRuntime, FaultKind.KillRuntime,
        FaultKind.PauseBroker, FaultKind.PauseRuntime, FaultKind.CutLink, FaultKind.CutLink, FaultKind.StallLink, FaultKind.SlowLink, FaultKind.StepClock,
    ];
}
