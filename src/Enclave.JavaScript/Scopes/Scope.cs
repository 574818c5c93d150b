using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Scopes;

/// <summary>A region of the program with its own names: the static view of an environment record of ECMA-262 9.1.</summary>
/// <remarks>Blocks, loops and switches without declarations have no scope.</remarks>
public sealed class Scope
{
    private List<Binding>? _bindings;
    private List<PrivateName>? _privateNames;

    internal Scope(int index, ScopeKind kind, Node node, Scope? parent)
    {
        Index = index;
        Kind = kind;
        Node = node;
        Parent = parent;
        Depth = parent is null ? 0 : parent.Depth + 1;
        bool isCode = kind is ScopeKind.Global or ScopeKind.Module or ScopeKind.Function or ScopeKind.ClassField or ScopeKind.ClassStaticBlock;
        Function = parent is null || isCode ? this : parent.Function;
        VariableScope = parent is null || isCode || kind == ScopeKind.FunctionBody ? this : parent.VariableScope;
        // Arrow functions do not have their own. Fields and static blocks may not mention it (15.7.1).
        bool hasArguments = kind == ScopeKind.Function && node.Kind != NodeKind.ArrowFunctionExpression;
        ArgumentsScope = hasArguments ? this : kind is ScopeKind.ClassField or ScopeKind.ClassStaticBlock ? null : parent?.ArgumentsScope;
    }

    /// <summary>The kind of syntax that opens it.</summary>
    public ScopeKind Kind { get; }

    /// <summary>The node that opens it: the program, function, class, field, static block, block, switch, loop, catch clause or with statement.</summary>
    public Node Node { get; }

    /// <summary>The scope around it; null for the global one.</summary>
    public Scope? Parent { get; }

    /// <summary>The number of scopes around it.</summary>
    public int Depth { get; }

    /// <summary>The outermost scope of its function. Outside functions, that of the script or module. Fields and static blocks count as functions.</summary>
    public Scope Function { get; }

    /// <summary>The scope in which a var inside it declares.</summary>
    public Scope VariableScope { get; }

    /// <summary>True if its code is strict (11.2.2).</summary>
    public bool IsStrict { get; internal set; }

    /// <summary>True if it or a scope in it contains a direct eval (13.3.6.1): unknown code may read and write all its bindings.</summary>
    public bool HasDirectEval { get; internal set; }

    /// <summary>True if a direct eval of sloppy code may add variables to it (19.2.1.3).</summary>
    public bool MayGainVariables { get; internal set; }

    /// <summary>The bindings in the order in which the text declares them; <c>arguments</c> and variables of Annex B.3.2 last.</summary>
    public IReadOnlyList<Binding> Bindings => _bindings ?? (IReadOnlyList<Binding>)[];

    /// <summary>The private names, if it is a class.</summary>
    public IReadOnlyList<PrivateName> PrivateNames => _privateNames ?? (IReadOnlyList<PrivateName>)[];

    internal int Index { get; }

    internal int Start { get; init; }

    internal int End { get; init; }

    internal Scope? ArgumentsScope { get; }

    internal bool MentionsArguments { get; set; }

    internal bool HasParameterExpressions { get; set; }

    /// <summary>The depth of the innermost scope, from here outwards, that may have names that the text does not declare; -1 if there is none.</summary>
    internal int DynamicDepth { get; set; } = -1;

    internal ReadOnlySpan<Binding> Own => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bindings);

    internal void Add(Binding binding) => (_bindings ??= []).Add(binding);

    internal void Add(PrivateName name) => (_privateNames ??= []).Add(name);
}
