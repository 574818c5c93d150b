namespace Enclave.JavaScript.Printing;

/// <summary>The productions of expressions, from the loosest to the tightest (ECMA-262 13.2 to 13.16).</summary>
/// <remarks>A child gets parentheses if its own level is below the level of its place.</remarks>
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

    /// <summary>The level of an optional chain: no further access may follow it.</summary>
    LeftHandSide,

    /// <summary>The head of an access or call.</summary>
    Call,

    /// <summary>The operand of new: no call outside parentheses.</summary>
    Member,
    Primary,
}

/// <summary>Says if an expression stands directly in the head of a for statement.</summary>
/// <remarks>The grammar forbids the operator in there, outside of brackets: the parameter [In] of ECMA-262 13.10.</remarks>
internal enum ExpressionPosition : byte
{
    Anywhere,
    ForHead,
}
