namespace Enclave.JavaScript.Ast;

/// <summary>What declarations and expressions of classes have in common.</summary>
public interface IClass
{
    /// <summary>The name, if it has one.</summary>
    Identifier? Id { get; }

    /// <summary>What it extends.</summary>
    Expression? SuperClass { get; }

    /// <summary>Its elements.</summary>
    ClassBody Body { get; }
}
