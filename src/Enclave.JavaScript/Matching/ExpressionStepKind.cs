namespace Enclave.JavaScript.Matching;

/// <summary>The kinds of steps of a regular expression.</summary>
internal enum ExpressionStepKind
{
    /// <summary>Matches a character of a set.</summary>
    Character,

    /// <summary>Continues at the next step and at a target.</summary>
    Split,

    /// <summary>Continues at a target.</summary>
    Jump,

    /// <summary>Continues at the start of the text.</summary>
    Start,

    /// <summary>Continues at the end of the text.</summary>
    End,

    /// <summary>Continues at the beginning or end of a word.</summary>
    Boundary,

    /// <summary>Continues everywhere else.</summary>
    NoBoundary,

    /// <summary>Continues where a lookaround matches.</summary>
    Look,

    /// <summary>Continues where a lookaround does not match.</summary>
    NoLook,

    /// <summary>The expression has matched.</summary>
    Match,
}
