namespace Enclave.Runs;

/// <summary>Calls of one run by tool, for the tools that limit them.</summary>
internal sealed class CallCounts
{
    private readonly Lock _gate = new();
    private Dictionary<string, int>? _counts;

    /// <summary>Counts a call; false when the run has had them all.</summary>
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
