namespace Enclave.JavaScript.Ast;

/// <summary>What declarations, expressions and arrows of functions have in common.</summary>
public interface IFunction
{
    /// <summary>The name; null for arrows and nameless functions.</summary>
    Identifier? Id { get; }

    /// <summary>Bindings: identifiers, patterns, patterns with defaults, and at most one rest element, the last.</summary>
    ImmutableArray<Node> Params { get; }

    /// <summary>A block; for an arrow possibly an expression.</summary>
    Node Body { get; }

    /// <summary>Whether it is a generator.</summary>
    bool IsGenerator { get; }

    /// <summary>Whether it is async.</summary>
    bool IsAsync { get; }
}
