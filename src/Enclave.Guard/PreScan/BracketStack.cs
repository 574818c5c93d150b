namespace Enclave.Guard.PreScan;

/// <summary>What an open bracket is, as far as it decides what a slash or a brace behind it means.</summary>
internal enum BracketKind : byte
{
    /// <summary>Arguments, parameters of a method, a parenthesized expression.</summary>
    Parenthesis,

    /// <summary>The head of if, for, while or with: a statement follows.</summary>
    ControlHead,

    /// <summary>The parameters of a function in an expression: its body follows, and behind that an operator can.</summary>
    FunctionParameters,

    /// <summary>An array, or a computed name.</summary>
    Square,

    /// <summary>Statements, or the elements of a class; behind it a statement begins.</summary>
    Block,

    /// <summary>The body of a function or class in an expression: statements inside, an operand outside.</summary>
    ExpressionBody,

    /// <summary>An object literal.</summary>
    Object,

    /// <summary>A hole of a template.</summary>
    Hole,
}

/// <summary>An open bracket.</summary>
internal struct Bracket
{
    /// <summary>What it is.</summary>
    public BracketKind Kind;

    /// <summary>Question marks in it that wait for their colon.</summary>
    public int OpenConditions;
}

/// <summary>The brackets that are open, at most as many as the limit on nesting.</summary>
internal ref struct BracketStack
{
    private readonly Span<Bracket> _brackets;
    private readonly int _limit;

    /// <param name="brackets">Room for the limit and one more: the text outside of all brackets.</param>
    public BracketStack(Span<Bracket> brackets, int limit)
    {
        _brackets = brackets;
        _limit = limit;
        _brackets[0] = new Bracket { Kind = BracketKind.Block };
    }

    /// <summary>How many brackets are open.</summary>
    public int Depth { get; private set; }

    /// <summary>Most brackets that were open at once.</summary>
    public int Deepest { get; private set; }

    /// <summary>The innermost open bracket; a block where none is open.</summary>
    public readonly ref Bracket Top => ref _brackets[Depth];

    /// <summary>Opens a bracket; false if that would be one too many.</summary>
    public bool TryOpen(BracketKind kind)
    {
        if (Depth >= Deepest) Deepest = Depth + 1;
        if (Depth >= _limit) return false;
        _brackets[++Depth] = new Bracket { Kind = kind };
        return true;
    }

    /// <summary>Closes the innermost bracket.</summary>
    public void Close() => Depth--;
}
