using System.Collections.Frozen;
using System.Collections.Immutable;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Answers;

/// <summary>
/// The arguments for the function that a program has its code in. Its parameters may have the names of what each script has: <c>tools</c>, <c>callTool</c>.
/// Other parameters are undefined, which needs a function that tests them before it uses them.
/// </summary>
internal sealed class EntryArguments
{
    private static readonly FrozenSet<string> s_values = FrozenSet.Create(StringComparer.Ordinal, "tools", "callTool", "console", "parallel", "fetch");

    private readonly ScopeTree _scopes;
    private readonly Uses _uses;
    private readonly List<string> _texts = [];
    private bool _mayBeRemoved = true;

    private EntryArguments(IFunction function, ScopeTree scopes)
    {
        _scopes = scopes;
        _uses = new Uses();
        if (function.Params.IsEmpty) return;
        _uses.Visit((Node)function);
        foreach (Node parameter in function.Params) _texts.Add(Of(parameter));
        while (_texts is [.., "" or "undefined"]) _texts.RemoveAt(_texts.Count - 1);
    }

    /// <summary>The name of the first parameter that has no value; null if all have.</summary>
    public string? Missing { get; private set; }

    /// <summary>The arguments as text.</summary>
    public string Text => string.Join(", ", _texts);

    /// <summary>True if the function does the same without its parameters: each has the name of its global, or is not used.</summary>
    public bool MayBeRemoved => _mayBeRemoved && Missing is null;

    /// <summary>The arguments for a function.</summary>
    public static EntryArguments For(IFunction function, ScopeTree scopes) => new(function, scopes);

    private string Of(Node parameter)
    {
        switch (parameter)
        {
            case AssignmentPattern pattern when pattern.Left is Identifier { Name: var name } && !s_values.Contains(name):
            case RestElement:
                // An argument that is left out: the default holds.
                _mayBeRemoved &= parameter is AssignmentPattern { Left: Identifier own } && IsUnused(own);
                return parameter is RestElement ? "" : "undefined";
            case AssignmentPattern { Left: var left }:
                return Of(left);
            case Identifier name:
                return OfName(name);
            case ObjectPattern pattern:
                return OfPattern(pattern);
            default:
                Missing ??= NameIn(parameter);
                return "";
        }
    }

    private string OfName(Identifier name)
    {
        if (IsUnused(name)) return s_values.Contains(name.Name) ? name.Name : "undefined";
        if (s_values.Contains(name.Name))
        {
            _mayBeRemoved &= !IsWritten(name);
            return name.Name;
        }

        _mayBeRemoved = false;
        if (MembersOf(name) is { } members) return $"{{ {string.Join(", ", members)} }}";
        if (!_uses.IsAsked(First(name))) Missing ??= name.Name;
        return "undefined";
    }

    private string OfPattern(ObjectPattern pattern)
    {
        var members = new List<string>();
        foreach (Node node in pattern.Properties)
        {
            if (node is not Property { IsComputed: false, Key: Identifier { Name: var key } } property)
            {
                _mayBeRemoved = false;
                if (node is not RestElement) Missing ??= NameIn(node);
                continue;
            }

            if (s_values.Contains(key))
            {
                members.Add(key);
                _mayBeRemoved &= property.Value is Identifier { Name: var name } own && name == key && !IsWritten(own);
                continue;
            }

            if (property.Value is Identifier unused && IsUnused(unused)) continue;
            _mayBeRemoved = false;
            if (property.Value is AssignmentPattern) continue;
            if (property.Value is not Identifier value || !_uses.IsAsked(First(value))) Missing ??= key;
        }

        return members.Count == 0 ? "{}" : $"{{ {string.Join(", ", members)} }}";
    }

    /// <summary>The values that a function takes out of its parameter, if it does nothing else with it.</summary>
    private ImmutableArray<string>? MembersOf(Identifier parameter)
    {
        var members = new List<string>();
        foreach (Reference use in ReferencesOf(parameter))
        {
            if (use.IsWrite || !_uses.Members.TryGetValue(use.Identifier, out ImmutableArray<string> taken) || !taken.All(s_values.Contains)) return null;
            members.AddRange(taken);
        }

        return members.Count == 0 ? null : [.. members.Distinct(StringComparer.Ordinal)];
    }

    private ArraySegment<Reference> ReferencesOf(Identifier parameter) => _scopes.DeclarationOf(parameter)?.References ?? [];

    private Identifier First(Identifier parameter) => ReferencesOf(parameter)[0].Identifier;

    private bool IsUnused(Identifier parameter) => ReferencesOf(parameter).Count == 0;

    /// <summary>True for a name that has another value somewhere, or is declared again.</summary>
    private bool IsWritten(Identifier parameter) =>
        _scopes.DeclarationOf(parameter) is not { Declarations.Count: 1 } binding || binding.References.Any((use) => use.IsWrite);

    private static string NameIn(Node parameter)
    {
        var names = new Names();
        names.Visit(parameter);
        return names.First ?? "without a name";
    }

    private sealed class Names : AstVisitor
    {
        public string? First { get; private set; }

        protected override void VisitIdentifier(Identifier node) => First ??= node.Name;
    }

    /// <summary>Finds the identifiers that a function tests before it uses them, and the members that it reads.</summary>
    private sealed class Uses : AstVisitor
    {
        private readonly HashSet<Node> _asked = [];

        public Dictionary<Identifier, ImmutableArray<string>> Members { get; } = [];

        public bool IsAsked(Identifier use) => _asked.Contains(use);

        protected override void VisitMemberExpression(MemberExpression node)
        {
            if (node.IsOptional) _asked.Add(node.Object);
            if (node is { IsComputed: false, Object: Identifier owner, Property: Identifier { Name: var name } }) Members[owner] = [name];
            base.VisitMemberExpression(node);
        }

        protected override void VisitVariableDeclarator(VariableDeclarator node)
        {
            if (node is { Id: ObjectPattern pattern, Init: Identifier owner }
                && pattern.Properties.All((member) => member is Property { IsComputed: false, Key: Identifier }))
                Members[owner] = [.. pattern.Properties.Select((member) => ((Identifier)((Property)member).Key).Name)];
            base.VisitVariableDeclarator(node);
        }

        protected override void VisitCallExpression(CallExpression node)
        {
            if (node.IsOptional) _asked.Add(node.Callee);
            if (node.Callee is MemberExpression { Object: Identifier { Name: "console" } }) _asked.UnionWith(node.Arguments);
            base.VisitCallExpression(node);
        }

        protected override void VisitLogicalExpression(LogicalExpression node)
        {
            _asked.Add(node.Left);
            base.VisitLogicalExpression(node);
        }

        protected override void VisitUnaryExpression(UnaryExpression node)
        {
            if (node.Operator is UnaryOperator.TypeOf or UnaryOperator.Not) _asked.Add(node.Argument);
            base.VisitUnaryExpression(node);
        }

        protected override void VisitBinaryExpression(BinaryExpression node)
        {
            if (node.Operator is BinaryOperator.Equal or BinaryOperator.NotEqual or BinaryOperator.StrictEqual or BinaryOperator.StrictNotEqual)
                _asked.UnionWith([node.Left, node.Right]);
            base.VisitBinaryExpression(node);
        }

        protected override void VisitConditionalExpression(ConditionalExpression node)
        {
            _asked.Add(node.Test);
            base.VisitConditionalExpression(node);
        }

        protected override void VisitIfStatement(IfStatement node)
        {
            _asked.Add(node.Test);
            base.VisitIfStatement(node);
        }
    }
}
