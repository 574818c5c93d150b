using Enclave.Protocol;

namespace Enclave.Runs;

/// <summary>Counts one run's calls of tools with a limit, and other things that a limit of the run bounds.</summary>
internal sealed class CallCounts
{
    private readonly Lock _gate = new();
    private Dictionary<string, long>? _counts;
    private volatile bool _isMasked;

    /// <summary>True if a secret was masked in an answer.</summary>
    public bool IsMasked => _isMasked;

    /// <summary>The tool that last answered with a text; null if none did.</summary>
    public string? LastText { get; private set; }

    /// <summary>Remembers a tool that answers with a text: scripts take it for an object.</summary>
    public void NoteAnswer(string tool, ScriptValue answer)
    {
        if (answer.Kind == ScriptValueKind.String) LastText = tool;
    }

    /// <summary>Notes that a secret was masked in an answer if the masked answer is another object. Returns the masked answer.</summary>
    public ScriptValue Masked(ScriptValue answer, ScriptValue masked)
    {
        if (!ReferenceEquals(answer, masked)) _isMasked = true;
        return masked;
    }

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
