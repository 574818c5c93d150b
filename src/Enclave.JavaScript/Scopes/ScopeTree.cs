using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Scopes;

/// <summary>The scopes of a program, and the meaning of its identifiers.</summary>
/// <remarks>It is immutable, so threads may share it. Queries about nodes use an index that the first such query builds.</remarks>
public sealed class ScopeTree
{
    private readonly ScopeBuilder _builder;
    private readonly Lazy<NodeIndex> _nodes;

    internal ScopeTree(ScopeBuilder builder, ImmutableArray<Reference> free)
    {
        _builder = builder;
        Free = free;
        _nodes = new Lazy<NodeIndex>(() => new NodeIndex(this));
    }

    /// <summary>The global scope. In a module it contains only the module's scope.</summary>
    public Scope Root => _builder.Scopes[0];

    /// <summary>All scopes, outer ones before inner ones, in the order of the text.</summary>
    public IReadOnlyList<Scope> Scopes => _builder.Scopes;

    /// <summary>All references, in the order of the text.</summary>
    public IReadOnlyList<Reference> References => _builder.References;

    /// <summary>The references without a declaration in the program: they refer to globals.</summary>
    public ImmutableArray<Reference> Free { get; }

    /// <summary>The names of <see cref="Free"/>, each once, in the order of the text.</summary>
    public IReadOnlyList<string> FreeNames() => [.. Free.Select((reference) => reference.Identifier.Name).Distinct()];

    /// <summary>The reference that an identifier makes. Null for other identifiers: keys, labels, names that are only declared.</summary>
    public Reference? ReferenceOf(Identifier identifier) => _nodes.Value.References.GetValueOrDefault(identifier);

    /// <summary>
    /// The binding that an identifier declares; null if none. The name of a class declaration gives the binding outside the
    /// class. A function in a block gives the binding in the block.
    /// </summary>
    public Binding? DeclarationOf(Identifier identifier) => _nodes.Value.Declarations.GetValueOrDefault(identifier);

    /// <summary>The binding that an identifier declares or refers to. Null if it does neither, or if the name is not declared.</summary>
    public Binding? BindingOf(Identifier identifier) => DeclarationOf(identifier) ?? ReferenceOf(identifier)?.Binding;

    /// <summary>The private name that an identifier declares or uses; null in a tree that uses one without declaring it.</summary>
    public PrivateName? PrivateNameOf(PrivateIdentifier identifier) => _nodes.Value.PrivateNames.GetValueOrDefault(identifier);

    /// <summary>The scope that a node opens; null if none. A function gives the scope of its parameters.</summary>
    public Scope? ScopeOf(Node node) => _nodes.Value.Scopes.GetValueOrDefault(node);

    /// <summary>The innermost scope at an offset of the text that the tree was parsed from.</summary>
    public Scope ScopeAt(int offset)
    {
        (int low, int high) = (0, Scopes.Count - 1);
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (Scopes[middle].Start <= offset) low = middle;
            else high = middle - 1;
        }

        Scope scope = Scopes[low];
        while (scope.Parent is not null && offset >= scope.End) scope = scope.Parent;
        return scope;
    }

    /// <summary>The binding of a name in a scope; null if the scope does not declare it.</summary>
    public Binding? Find(string name, Scope scope) => _builder.Names.TryGetValue(name, out int index) ? _builder.Find(scope, index) : null;

    /// <summary>The meaning of a name in a scope: its binding there, or in the nearest outer scope that has one. Null if no scope declares it.</summary>
    public Binding? Resolve(string name, Scope scope)
    {
        if (!_builder.Names.TryGetValue(name, out int index)) return null;
        Binding? binding = null;
        for (Scope? at = scope; at is not null && binding is null; at = at.Parent) binding = _builder.Find(at, index);
        return binding;
    }

    /// <summary>Maps nodes to references, bindings and scopes.</summary>
    private sealed class NodeIndex
    {
        public NodeIndex(ScopeTree tree)
        {
            References = new(tree.References.Count);
            foreach (Reference reference in tree.References) References.TryAdd(reference.Identifier, reference);
            foreach (Scope scope in tree.Scopes) Add(scope);
        }

        public Dictionary<Node, Reference> References { get; }

        public Dictionary<Node, Binding> Declarations { get; } = [];

        public Dictionary<Node, PrivateName> PrivateNames { get; } = [];

        public Dictionary<Node, Scope> Scopes { get; } = [];

        private void Add(Scope scope)
        {
            // The scope of a function expression's name and that of its parameters have the same node. The latter wins.
            if (scope.Kind == ScopeKind.FunctionBody) Scopes.TryAdd(scope.Node, scope);
            else Scopes[scope.Node] = scope;
            foreach (Binding binding in scope.Own) Add(binding);
            foreach (PrivateName name in scope.PrivateNames)
            {
                foreach (PrivateIdentifier identifier in name.Declarations) PrivateNames[identifier] = name;
                foreach (PrivateIdentifier identifier in name.Uses) PrivateNames[identifier] = name;
            }
        }

        private void Add(Binding binding)
        {
            foreach (Identifier identifier in binding.Declarations)
            {
                // A function in a block also declares a variable of its function. The block's own binding is the one to return.
                if (binding.Scope.Depth > Declarations.GetValueOrDefault(identifier)?.Scope.Depth && binding.Kind == BindingKind.Function)
                    Declarations[identifier] = binding;
                else Declarations.TryAdd(identifier, binding);
            }
        }
    }
}
