namespace Enclave.Broker.Fleet;

/// <summary>Keeps the latest report of each broker and runtime elsewhere.</summary>
internal sealed class FleetTable(FleetOptions options, TimeProvider clock)
{
    /// <summary>The most brokers and runtimes in the table: more than an operator has.</summary>
    private const int MaxParts = 1_024;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Kind, string Id), (FleetPart Part, long At)> _parts = [];

    /// <summary>Stores a report. Returns false if there are too many.</summary>
    public bool TryTake(FleetPart part)
    {
        lock (_gate)
        {
            if (_parts.Count >= MaxParts && !_parts.ContainsKey((part.Kind, part.Id)))
            {
                Forget();
                if (_parts.Count >= MaxParts) return false;
            }

            _parts[(part.Kind, part.Id)] = (part, clock.GetTimestamp());
            return true;
        }
    }

    /// <summary>All reports that are recent enough, with their age.</summary>
    public IReadOnlyList<(FleetPart Part, TimeSpan Age)> List()
    {
        lock (_gate)
        {
            Forget();
            return [.. _parts.Values.Select((entry) => (entry.Part, clock.GetElapsedTime(entry.At)))];
        }
    }

    private void Forget()
    {
        foreach ((string, string) gone in _parts.Where((entry) => clock.GetElapsedTime(entry.Value.At) > options.Forget).Select((entry) => entry.Key).ToArray())
            _parts.Remove(gone);
    }
}
