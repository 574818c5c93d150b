using System.Collections.Concurrent;

namespace Enclave.Attacks.Tests.Soak;

/// <summary>The counts of a soak, and its faults.</summary>
internal sealed class SoakTally
{
    private const int MostFaults = 20;

    private readonly ConcurrentDictionary<(string Host, string Kind, string Outcome), long> _jobs = new();
    private readonly ConcurrentDictionary<string, long> _deeds = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private long _ended;

    /// <summary>Jobs that have ended, on all hosts.</summary>
    public long Ended => Interlocked.Read(ref _ended);

    public IReadOnlyCollection<string> Faults => _faults;

    public void Count(string host, string kind, string outcome)
    {
        _jobs.AddOrUpdate((host, kind, outcome), 1, static (_, count) => count + 1);
        Interlocked.Increment(ref _ended);
    }

    /// <summary>The strikes against workers, and their effects.</summary>
    public void Note(string deed) => _deeds.AddOrUpdate(deed, 1, static (_, count) => count + 1);

    public void Fault(string what)
    {
        if (_faults.Count < MostFaults) _faults.Enqueue(what);
    }

    public long Jobs(string outcome) => _jobs.Where((count) => count.Key.Outcome == outcome).Sum((count) => count.Value);

    public IEnumerable<string> Report()
    {
        foreach (var host in _jobs.GroupBy((count) => count.Key.Host).OrderBy((host) => host.Key, StringComparer.Ordinal))
        {
            yield return $"{host.Key}: {host.Sum((count) => count.Value)} jobs; {Line(host.GroupBy((count) => count.Key.Outcome))}";
        }

        foreach (var kind in _jobs.GroupBy((count) => count.Key.Kind).OrderBy((kind) => kind.Key, StringComparer.Ordinal))
        {
            yield return $"  {kind.Key}: {Line(kind.GroupBy((count) => count.Key.Outcome))}";
        }

        yield return $"workers: {string.Join(", ", _deeds.OrderBy((deed) => deed.Key, StringComparer.Ordinal).Select((deed) => $"{deed.Key} {deed.Value}"))}";
    }

    private static string Line(IEnumerable<IGrouping<string, KeyValuePair<(string, string, string), long>>> outcomes) =>
        string.Join(", ", outcomes.Select((outcome) => (outcome.Key, Count: outcome.Sum((count) => count.Value)))
            .OrderByDescending((outcome) => outcome.Count).Select((outcome) => $"{outcome.Key} {outcome.Count}"));
}
