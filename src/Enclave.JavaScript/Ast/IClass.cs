namespace Enclave.JavaScript.Ast;

/// <summary>The common members of class declarations and class expressions.</summary>
public interface IClass
{
    /// <summary>The name, if it has one.</summary>
    Identifier? Id { get; }

    /// <summary>The class that it extends.</summary>
    Expression? SuperClass { get; }

    /// <summary>Its elements.</summary>
    ClassBody Body { get; }
}
