namespace Enclave.Guard.PreScan;

/// <summary>The meaning of an open bracket. It decides what a slash or brace behind it means.</summary>
internal enum BracketKind : byte
{
    /// <summary>Arguments, parameters of a method, a parenthesized expression.</summary>
    Parenthesis,

    /// <summary>The head of if, for, while or with: a statement follows it.</summary>
    ControlHead,

    /// <summary>The parameters of a function expression: its body follows, and an operator may follow the body.</summary>
    FunctionParameters,

    /// <summary>An array, or a computed name.</summary>
    Square,

    /// <summary>Statements, or the members of a class: a statement begins behind it.</summary>
    Block,

    /// <summary>The body of a function or class expression: statements inside, an operand as a whole.</summary>
    ExpressionBody,

    /// <summary>An object literal.</summary>
    Object,

    /// <summary>A placeholder of a template.</summary>
    Hole,
}

/// <summary>An open bracket.</summary>
internal struct Bracket
{
    /// <summary>Its meaning.</summary>
    public BracketKind Kind;

    /// <summary>Question marks inside it that still need their colon.</summary>
    public int OpenConditions;
}

/// <summary>The open brackets, at most as many as the nesting limit.</summary>
internal ref struct BracketStack
{
    private readonly Span<Bracket> _brackets;
    private readonly int _limit;

    /// <param name="brackets">Space for the limit plus one: the text outside of all brackets.</param>
    public BracketStack(Span<Bracket> brackets, int limit)
    {
        _brackets = brackets;
        _limit = limit;
        _brackets[0] = new Bracket { Kind = BracketKind.Block };
    }

    /// <summary>The number of open brackets.</summary>
    public int Depth { get; private set; }

    /// <summary>The most brackets that were open at once.</summary>
    public int Deepest { get; private set; }

    /// <summary>The innermost open bracket. Outside of all brackets, a block.</summary>
    public readonly ref Bracket Top => ref _brackets[Depth];

    /// <summary>Opens a bracket. Returns false above the limit.</summary>
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
