using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Parsing;

/// <summary>An enum with all its declarations: its members' names, and the values that are known so far.</summary>
internal sealed class EnumTable(string name)
{
    private readonly Dictionary<string, EnumValue?> _members = [];

    public string Name { get; } = name;

    public bool Has(string member) => _members.ContainsKey(member);

    public void Announce(string member) => _members.TryAdd(member, null);

    public void Set(string member, EnumValue value) => _members[member] = value;

    /// <summary>The value of a member: null if there is no such member, or if it stands further on in the text.</summary>
    public EnumValue? ValueOf(string member) => _members.GetValueOrDefault(member);
}

/// <summary>Which names in a program are those of enums and of their members.</summary>
internal sealed class EnumScope
{
    private readonly ScopeTree _scopes;
    private readonly WorkMeter? _meter;
    private readonly Dictionary<Binding, EnumTable> _tables = [];
    private readonly Dictionary<Scope, (EnumDraft Draft, EnumTable Table)> _bodies = [];
    private readonly Dictionary<Identifier, EnumTable> _members = [];
    private readonly HashSet<EnumDraft> _selfish = [];

    public EnumScope(Program program, IReadOnlyList<EnumDraft> drafts, WorkMeter? meter, Action<ParseErrorCode, int, string> fail)
    {
        (_scopes, _meter) = (ScopeAnalysis.Analyze(program, meter), meter);
        foreach (EnumDraft draft in drafts)
        {
            // A draft that was read on trial is in no tree.
            if (_scopes.ScopeOf(draft.Body) is { } body && _scopes.BindingOf(draft.Name) is { } binding) Add(draft, body, binding);
        }

        Resolve(drafts, meter, fail);
    }

    /// <summary>The enum that a draft belongs to.</summary>
    public EnumTable? TableOf(EnumDraft draft) => _scopes.ScopeOf(draft.Body) is { } scope ? _bodies[scope].Table : null;

    /// <summary>The enum of which an identifier names a member without the enum's name before it.</summary>
    public EnumTable? OwnerOf(Identifier identifier) => _members.GetValueOrDefault(identifier);

    /// <summary>The enum that an identifier names as a value: in front of brackets. A member of the name hides it there.</summary>
    public EnumTable? Named(Identifier identifier) =>
        OwnerOf(identifier) is null && BindingOf(identifier) is { } binding ? _tables.GetValueOrDefault(binding) : null;

    /// <summary>
    /// The enum that an identifier names in front of a dot. The TypeScript compiler looks such a name up among namespaces, which neither members nor variables
    /// hide.
    /// </summary>
    public EnumTable? NamedAsSpace(Identifier identifier)
    {
        for (Scope? scope = _scopes.ReferenceOf(identifier)?.Scope; scope is not null; scope = scope.Parent)
        {
            _meter?.Step();
            if (_scopes.Find(identifier.Name, scope) is { } binding && _tables.TryGetValue(binding, out EnumTable? table)) return table;
        }

        return null;
    }

    /// <summary>True if a name in front of a dot is the enum's also when the program runs: no variable hides it.</summary>
    public bool IsReached(Identifier identifier) =>
        BindingOf(identifier) is { } binding && _tables.TryGetValue(binding, out EnumTable? table) && table == NamedAsSpace(identifier);

    /// <summary>The binding that an identifier declares or refers to; null for a global.</summary>
    public Binding? BindingOf(Identifier identifier) => _scopes.BindingOf(identifier);

    /// <summary>True if a value of the draft names the enum itself, or a member.</summary>
    public bool UsesItself(EnumDraft draft) => _selfish.Contains(draft);

    private void Add(EnumDraft draft, Scope body, Binding binding)
    {
        if (!_tables.TryGetValue(binding, out EnumTable? table)) _tables[binding] = table = new EnumTable(draft.Name.Name);
        _tables[body.Bindings[0]] = table;
        _bodies[body] = (draft, table);
        foreach (EnumMember member in draft.Members) table.Announce(member.Name);
    }

    private void Resolve(IReadOnlyList<EnumDraft> drafts, WorkMeter? meter, Action<ParseErrorCode, int, string> fail)
    {
        EnumDraft[] ordered = [.. drafts.OrderBy((draft) => draft.Open)];
        (int next, int end) = (0, 0);
        foreach (Reference reference in _scopes.References)
        {
            int at = reference.Identifier.Start;
            for (; next < ordered.Length && ordered[next].Open <= at; next++) end = Math.Max(end, ordered[next].End);
            if (at < end) Resolve(reference, meter, fail);
        }
    }

    /// <summary>Finds the innermost enum around a reference that has a member of its name, unless a scope within it declares the name.</summary>
    private void Resolve(Reference reference, WorkMeter? meter, Action<ParseErrorCode, int, string> fail)
    {
        string name = reference.Identifier.Name;
        for (Scope? scope = reference.Scope; scope is not null; scope = scope.Parent)
        {
            meter?.Step();
            if (_bodies.TryGetValue(scope, out (EnumDraft Draft, EnumTable Table) body))
            {
                bool isMember = body.Table.Has(name);
                if (isMember) _members[reference.Identifier] = body.Table;
                if (isMember || ReferenceEquals(reference.Binding?.Scope, scope)) _selfish.Add(body.Draft);
                if (isMember && IsHidden(reference.Scope, scope, body.Table.Name)) fail(
                    ParseErrorCode.EarlyError, reference.Identifier.Start, $"'{body.Table.Name}' has another meaning here: write the value of '{name}' out");
                if (isMember) return;
            }

            if (ReferenceEquals(reference.Binding?.Scope, scope)) return;
        }
    }

    private bool IsHidden(Scope from, Scope body, string name)
    {
        for (Scope scope = from; scope != body; scope = scope.Parent!)
        {
            if (_scopes.Find(name, scope) is not null) return true;
        }

        return false;
    }
}
