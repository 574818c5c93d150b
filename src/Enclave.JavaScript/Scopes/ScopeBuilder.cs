using System.Runtime.InteropServices;
using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Scopes;

/// <summary>Collects the scopes of a program during the walk: the declarations, and the order of scopes and references.</summary>
internal sealed class ScopeBuilder
{
    private const string ArgumentsName = "arguments";
    private const int Few = 8;
    private readonly int _arguments;
    private readonly Dictionary<string, int> _names = [];

    // The bindings of scopes with more than a few. Most scopes have fewer, and searching those is faster than a table.
    private readonly Dictionary<ScopedName, Binding> _bindings = [];
    private readonly Dictionary<string, PrivateName?> _privateNames = [];

    public ScopeBuilder(Program program)
    {
        _arguments = NameIndex(ArgumentsName);
        Current = Open(ScopeKind.Global, program, program.Start, program.End);
    }

    public Scope Current { get; private set; }

    public List<Scope> Scopes { get; } = [];

    public List<Reference> References { get; } = [];

    /// <summary>
    /// The events in the order of the text: a scope begins, a <see cref="Reference"/> or <see cref="BlockFunction"/> occurs in it, it ends (null).
    /// </summary>
    public List<object?> Events { get; } = [];

    /// <summary>Functions in blocks of sloppy code (Annex B.3.2).</summary>
    public List<BlockFunction> BlockFunctions { get; } = [];

    public IReadOnlyDictionary<string, int> Names => _names;

    public int NameCount => _names.Count;

    public Binding? Find(Scope scope, int nameIndex)
    {
        ReadOnlySpan<Binding> own = scope.Own;
        if (own.Length > Few) return _bindings.GetValueOrDefault(new ScopedName(scope.Index, nameIndex));
        foreach (Binding binding in own)
        {
            if (binding.NameIndex == nameIndex) return binding;
        }

        return null;
    }

    public void Enter(ScopeKind kind, Node node) => Enter(kind, node, node.Start, node.End);

    /// <summary>Opens a scope that does not span its whole node.</summary>
    public void Enter(ScopeKind kind, Node node, int start, int end) => Current = Open(kind, node, start, end);

    public void Exit()
    {
        if (Current.MentionsArguments) DeclareArguments();
        foreach (PrivateName name in Current.PrivateNames) _privateNames[name.Name] = name.Shadowed;
        Events.Add(null);
        Current = Current.Parent!;
    }

    /// <summary>Declares a name in the current scope. A var declares in its variable scope.</summary>
    public void Declare(Identifier identifier, BindingKind kind) =>
        Declare(kind == BindingKind.Var ? Current.VariableScope : Current, NameIndex(identifier.Name), identifier, kind);

    /// <summary>Declares a function at the place of its declaration.</summary>
    public void DeclareFunction(FunctionDeclaration function, Identifier name)
    {
        Declare(name, BindingKind.Function);
        if (Current == Current.VariableScope || Current.IsStrict || function.IsAsync || function.IsGenerator) return;
        var candidate = new BlockFunction(name, NameIndex(name.Name), Current);
        BlockFunctions.Add(candidate);
        Events.Add(candidate);
    }

    /// <summary>Makes a function in a block also a variable of its function.</summary>
    public void Hoist(BlockFunction function)
    {
        Scope scope = function.Scope.VariableScope;
        if (Find(scope, function.NameIndex) is { } binding) binding.Add(function.Name);
        else Add(new Binding(scope, function.NameIndex, function.Name.Name, BindingKind.Var, function.Name) { IsHoistedFromBlock = true });
    }

    public void Refer(Identifier identifier, ReferenceUse use)
    {
        var reference = new Reference(identifier, Current, NameIndex(identifier.Name), use);
        if (reference.NameIndex == _arguments && Current.ArgumentsScope is { } scope) scope.MentionsArguments = true;
        References.Add(reference);
        Events.Add(reference);
    }

    /// <summary>Records a direct eval at this place (13.3.6.1).</summary>
    public void NoteDirectEval()
    {
        // Sloppy code adds its variables to the variable scope (19.2.1.3); strict code keeps them to itself.
        if (!Current.IsStrict) Current.VariableScope.MayGainVariables = true;
        for (Scope? scope = Current; scope is { HasDirectEval: false }; scope = scope.Parent) scope.HasDirectEval = true;
    }

    public void DeclarePrivate(PrivateIdentifier identifier)
    {
        PrivateName? name = _privateNames.GetValueOrDefault(identifier.Name);
        if (name is null || name.Scope != Current)
        {
            name = new PrivateName(identifier.Name, Current) { Shadowed = name };
            _privateNames[identifier.Name] = name;
            Current.Add(name);
        }

        name.Declare(identifier);
    }

    public void UsePrivate(PrivateIdentifier identifier) => _privateNames.GetValueOrDefault(identifier.Name)?.Use(identifier);

    private Scope Open(ScopeKind kind, Node node, int start, int end)
    {
        var scope = new Scope(Scopes.Count, kind, node, Current) { Start = start, End = end, IsStrict = Current is { IsStrict: true } };
        Scopes.Add(scope);
        Events.Add(scope);
        return scope;
    }

    private void Declare(Scope scope, int nameIndex, Identifier identifier, BindingKind kind)
    {
        if (Find(scope, nameIndex) is not { } binding)
        {
            Add(new Binding(scope, nameIndex, identifier.Name, kind, identifier));
            return;
        }

        binding.Add(identifier);
        // A function wins over a var or a parameter of its name (10.2.11, step 36).
        if (kind == BindingKind.Function) binding.Kind = kind;
    }

    private void DeclareArguments()
    {
        Binding? declared = Find(Current, _arguments);
        // A parameter, function or lexical declaration of the name replaces it; a var shares it (10.2.11, steps 15 to 18 and 27).
        if (declared is { Kind: BindingKind.Var }) declared.Kind = BindingKind.Arguments;
        if (declared is not null) return;
        Add(new Binding(Current, _arguments, ArgumentsName, BindingKind.Arguments, null));
    }

    private void Add(Binding binding)
    {
        Scope scope = binding.Scope;
        scope.Add(binding);
        ReadOnlySpan<Binding> own = scope.Own;
        if (own.Length <= Few) return;
        // When a scope gets one binding too many, all of them move to the table; later ones go there directly.
        foreach (Binding one in own.Length == Few + 1 ? own : own[^1..]) _bindings.Add(new ScopedName(scope.Index, one.NameIndex), one);
    }

    private int NameIndex(string name)
    {
        ref int index = ref CollectionsMarshal.GetValueRefOrAddDefault(_names, name, out bool exists);
        if (!exists) index = _names.Count - 1;
        return index;
    }
}
