using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Scopes;

/// <summary>A private name of a class (ECMA-262 6.2.12).</summary>
public sealed class PrivateName
{
    private readonly List<PrivateIdentifier> _declarations = [];
    private readonly List<PrivateIdentifier> _uses = [];

    internal PrivateName(string name, Scope scope)
    {
        Name = name;
        Scope = scope;
    }

    /// <summary>The name without its number sign.</summary>
    public string Name { get; }

    /// <summary>The scope of the class.</summary>
    public Scope Scope { get; }

    /// <summary>Its declarations: one, or a getter and a setter.</summary>
    public IReadOnlyList<PrivateIdentifier> Declarations => _declarations;

    /// <summary>Its uses, in the order of the text.</summary>
    public IReadOnlyList<PrivateIdentifier> Uses => _uses;

    internal PrivateName? Shadowed { get; init; }

    internal void Declare(PrivateIdentifier identifier) => _declarations.Add(identifier);

    internal void Use(PrivateIdentifier identifier) => _uses.Add(identifier);
}
