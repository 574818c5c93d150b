namespace Enclave.JavaScript.Printing;

/// <summary>The productions an expression can be derived from, from the loosest to the tightest (ECMA-262 13.2 to 13.16).</summary>
/// <remarks>A child is put in parentheses if its own level is below the one its place asks for.</remarks>
internal enum Level : byte
{
    Sequence,
    Assignment,
    Conditional,
    Coalesce,
    Or,
    And,
    BitwiseOr,
    BitwiseXor,
    BitwiseAnd,
    Equality,
    Relational,
    Shift,
    Additive,
    Multiplicative,
    Exponent,
    Unary,
    Update,

    /// <summary>Where an optional chain may stand, but no further access may follow it.</summary>
    LeftHandSide,

    /// <summary>The head of an access or call.</summary>
    Call,

    /// <summary>What may follow new: no call outside parentheses.</summary>
    Member,
    Primary,
}

/// <summary>Whether an expression stands directly in the head of a for statement.</summary>
/// <remarks>There the grammar forbids the operator in outside brackets: the parameter [In] of ECMA-262 13.10.</remarks>
internal enum Place : byte
{
    Anywhere,
    ForHead,
}
