namespace Enclave.Runs;

/// <summary>Counts one run's calls of tools with a limit, and other things that a limit of the run bounds.</summary>
internal sealed class CallCounts
{
    private readonly Lock _gate = new();
    private Dictionary<string, long>? _counts;

    /// <summary>Counts a call. False if the run has used up its calls.</summary>
    public bool TryTake(string tool, int limit) => TryTake(tool, 1, limit);

    /// <summary>Counts an amount. False if it would exceed the limit.</summary>
    public bool TryTake(string what, long amount, long limit)
    {
        lock (_gate)
        {
            _counts ??= new Dictionary<string, long>(StringComparer.Ordinal);
            long taken = _counts.GetValueOrDefault(what);
            if (taken + amount > limit) return false;
            _counts[what] = taken + amount;
            return true;
        }
    }
}
