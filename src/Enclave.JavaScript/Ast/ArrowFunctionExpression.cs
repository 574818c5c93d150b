namespace Enclave.JavaScript.Ast;

public sealed partial class ArrowFunctionExpression
{
    /// <summary>Always null: an arrow function has no name of its own.</summary>
    public Identifier? Id => null;

    /// <summary>Always false.</summary>
    public bool IsGenerator => false;
}
