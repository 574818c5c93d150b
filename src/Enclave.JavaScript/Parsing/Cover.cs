namespace Enclave.JavaScript.Parsing;

/// <summary>
/// Errors of a text that may be an expression or a pattern until a later token decides (the cover grammars of ECMA-262 13.2.5.1, 13.15.1, 15.3 and 15.9).
/// Those that apply to only one of the two are remembered: the offset of the first of each kind, or -1.
/// </summary>
internal struct Cover
{
    public static readonly Cover Nothing = new()
    {
        Initializer = -1,
        CommaBehindSpread = -1,
        ParenthesizedTarget = -1,
        ParenthesizedBinding = -1,
        SecondProto = -1,
    };

    /// <summary>The = of a shorthand property with a default: not an expression.</summary>
    public int Initializer;

    /// <summary>A comma behind a spread element: not a pattern.</summary>
    public int CommaBehindSpread;

    /// <summary>Parentheses around anything but a simple assignment target: not a pattern.</summary>
    public int ParenthesizedTarget;

    /// <summary>Parentheses around anything: not a binding.</summary>
    public int ParenthesizedBinding;

    /// <summary>A second __proto__ with a value: not an expression (Annex B.3.1).</summary>
    public int SecondProto;

    // Both are -1 in nearly every expression: one test.
    public readonly bool IsNoExpression => (Initializer & SecondProto) != -1;
}

/// <summary>The purpose of an expression's conversion to a pattern.</summary>
internal enum PatternUse : byte
{
    Assignment,
    Binding,
}
