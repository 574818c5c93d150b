using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Scoring;

/// <summary>Limits how much of a script may be read again because names stand for it. A script that needs more cannot be scored.</summary>
internal sealed class ReadingBudget
{
    private readonly HashSet<Node> _read = [];
    private int _left = 4 << 20;

    /// <summary>True if a value was not read.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>True if the value of a name may be read. The first read of a value is always allowed, so a script cannot hide a value behind others.</summary>
    public bool Take(Expression value)
    {
        if (_read.Add(value)) return true;
        // The length of the text is an upper bound for the number of nodes, known without a walk.
        int cost = value.End - value.Start;
        IsExhausted |= cost > _left;
        if (IsExhausted) return false;
        _left -= cost;
        return true;
    }
}
