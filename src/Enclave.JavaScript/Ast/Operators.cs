namespace Enclave.JavaScript.Ast;

/// <summary>The operators of <see cref="UnaryExpression"/> (ECMA-262 13.5), in the order of <see cref="OperatorText"/>.</summary>
public enum UnaryOperator : byte
{
    /// <summary>-</summary>
    Minus,

    /// <summary>+</summary>
    Plus,

    /// <summary>!</summary>
    Not,

    /// <summary>~</summary>
    BitwiseNot,

    /// <summary>typeof</summary>
    TypeOf,

    /// <summary>void</summary>
    Void,

    /// <summary>delete</summary>
    Delete,
}

/// <summary>The operators of <see cref="UpdateExpression"/> (13.4).</summary>
public enum UpdateOperator : byte
{
    /// <summary>++</summary>
    Increment,

    /// <summary>--</summary>
    Decrement,
}

/// <summary>The operators of <see cref="BinaryExpression"/> (13.6 to 13.12).</summary>
public enum BinaryOperator : byte
{
    /// <summary>==</summary>
    Equal,

    /// <summary>!=</summary>
    NotEqual,

    /// <summary>===</summary>
    StrictEqual,

    /// <summary>!==</summary>
    StrictNotEqual,

    /// <summary>&lt;</summary>
    Less,

    /// <summary>&lt;=</summary>
    LessOrEqual,

    /// <summary>&gt;</summary>
    Greater,

    /// <summary>&gt;=</summary>
    GreaterOrEqual,

    /// <summary>&lt;&lt;</summary>
    ShiftLeft,

    /// <summary>&gt;&gt;</summary>
    ShiftRight,

    /// <summary>&gt;&gt;&gt;</summary>
    ShiftRightUnsigned,

    /// <summary>+</summary>
    Add,

    /// <summary>-</summary>
    Subtract,

    /// <summary>*</summary>
    Multiply,

    /// <summary>/</summary>
    Divide,

    /// <summary>%</summary>
    Remainder,

    /// <summary>**</summary>
    Power,

    /// <summary>|</summary>
    BitwiseOr,

    /// <summary>^</summary>
    BitwiseXor,

    /// <summary>&amp;</summary>
    BitwiseAnd,

    /// <summary>in</summary>
    In,

    /// <summary>instanceof</summary>
    InstanceOf,
}

/// <summary>The operators of <see cref="LogicalExpression"/> (13.13).</summary>
public enum LogicalOperator : byte
{
    /// <summary>||</summary>
    Or,

    /// <summary>&amp;&amp;</summary>
    And,

    /// <summary>??</summary>
    Coalesce,
}

/// <summary>The operators of <see cref="AssignmentExpression"/> (13.15).</summary>
public enum AssignmentOperator : byte
{
    /// <summary>=</summary>
    Assign,

    /// <summary>+=</summary>
    Add,

    /// <summary>-=</summary>
    Subtract,

    /// <summary>*=</summary>
    Multiply,

    /// <summary>/=</summary>
    Divide,

    /// <summary>%=</summary>
    Remainder,

    /// <summary>**=</summary>
    Power,

    /// <summary>&lt;&lt;=</summary>
    ShiftLeft,

    /// <summary>&gt;&gt;=</summary>
    ShiftRight,

    /// <summary>&gt;&gt;&gt;=</summary>
    ShiftRightUnsigned,

    /// <summary>|=</summary>
    BitwiseOr,

    /// <summary>^=</summary>
    BitwiseXor,

    /// <summary>&amp;=</summary>
    BitwiseAnd,

    /// <summary>||=</summary>
    Or,

    /// <summary>&amp;&amp;=</summary>
    And,

    /// <summary>??=</summary>
    Coalesce,
}
