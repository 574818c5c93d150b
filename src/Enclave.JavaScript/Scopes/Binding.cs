using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Scopes;

/// <summary>A name in a scope, and the references to it.</summary>
public sealed class Binding
{
    private readonly int _order = CreationOrder.Next();
    private List<Identifier>? _more;

    internal Binding(Scope scope, int nameIndex, string name, BindingKind kind, Identifier? declaration)
    {
        Scope = scope;
        NameIndex = nameIndex;
        Name = name;
        Kind = kind;
        Declaration = declaration;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The kind of declaration. Of several, the one that decides its initial value.</summary>
    public BindingKind Kind { get; internal set; }

    /// <summary>The scope it is in.</summary>
    public Scope Scope { get; }

    /// <summary>The identifier that declares it, the first of several. Null for an implicit arguments object.</summary>
    public Identifier? Declaration { get; private set; }

    /// <summary>All identifiers that declare it, in the order of the text. Functions in blocks (Annex B.3.2) come last.</summary>
    public IReadOnlyList<Identifier> Declarations => Declaration is null ? [] : _more is null ? [Declaration] : [Declaration, .. _more];

    /// <summary>All references that resolve to it, in the order of the text.</summary>
    public ArraySegment<Reference> References { get; internal set; } = ArraySegment<Reference>.Empty;

    /// <summary>True if a reference in another function resolves to it: closures keep it alive.</summary>
    public bool IsCaptured { get; internal set; }

    /// <summary>True if it is a variable only because a function in a block of sloppy code has this name (Annex B.3.2).</summary>
    public bool IsHoistedFromBlock { get; internal init; }

    internal int NameIndex { get; }

    internal int ReferenceCount { get; set; }

    /// <summary>While its scope is open: the outer binding of the same name.</summary>
    internal Binding? Shadowed { get; set; }

    /// <summary>While its scope is open: the binding itself, or the first outer one that is not the parameter of a catch clause.</summary>
    internal Binding? BeyondCatch { get; set; }

    internal bool IsLexical => Kind is BindingKind.Let or BindingKind.Const or BindingKind.Using or BindingKind.Class or BindingKind.Import;

    /// <summary>A hash of this object; bindings are equal only to themselves.</summary>
    public override int GetHashCode() => _order;

    internal void Add(Identifier declaration)
    {
        if (Declaration is null) Declaration = declaration;
        else (_more ??= []).Add(declaration);
    }
}
