namespace Enclave.JavaScript.Parsing;

/// <summary>Says if an expression stands first in the parentheses of a for loop, where in is not an operator (13.16, [~In]).</summary>
internal enum ForInit : byte
{
    None,
    Head,

    /// <summary>The head of for await, where async may be a name before of.</summary>
    AwaitHead,

    /// <summary>Not a for loop, but the second operand of a conditional: a colon may follow it. in is an operator.</summary>
    Consequent,
}

/// <summary>The position of an operand.</summary>
internal enum UnaryPlace : byte
{
    Operand,

    /// <summary>Behind a unary operator: the operand cannot be the base of **.</summary>
    AfterOperator,

    /// <summary>Behind ++ or --: the operand is not a ** expression.</summary>
    AfterUpdate,
}

/// <summary>Where a template stands.</summary>
internal enum TemplateUse : byte
{
    Plain,

    /// <summary>A malformed escape is allowed: the tag function receives undefined (13.2.8.1).</summary>
    Tagged,
}
