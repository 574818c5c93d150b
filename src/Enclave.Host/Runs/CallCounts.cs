namespace Enclave.Runs;

/// <summary>Counts one run's calls of tools with a limit.</summary>
internal sealed class CallCounts
{
    private readonly Lock _gate = new();
    private Dictionary<string, int>? _counts;

    /// <summary>Counts a call. False if the run has used up its calls.</summary>
    public bool TryTake(string tool, int limit)
    {
        lock (_gate)
        {
            _counts ??= new Dictionary<string, int>(StringComparer.Ordinal);
            int made = _counts.GetValueOrDefault(tool);
            if (made >= limit) return false;
            _counts[tool] = made + 1;
            return true;
        }
    }
}
