namespace Enclave.JavaScript.Ast;

/// <summary>The common members of function declarations, function expressions and arrow functions.</summary>
public interface IFunction
{
    /// <summary>The name; null for arrow functions and functions without a name.</summary>
    Identifier? Id { get; }

    /// <summary>Bindings: identifiers, patterns, patterns with defaults, and at most one rest element, the last.</summary>
    ImmutableArray<Node> Params { get; }

    /// <summary>A block, or an expression in some arrow functions.</summary>
    Node Body { get; }

    /// <summary>True if it is a generator.</summary>
    bool IsGenerator { get; }

    /// <summary>True if it is async.</summary>
    bool IsAsync { get; }
}
