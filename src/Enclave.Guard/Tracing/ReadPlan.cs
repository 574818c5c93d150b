using System.Collections.Immutable;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Tracing;

/// <summary>
/// The values that are reported at one place: names that are read there, and the data that hangs on them (<c>a</c>, <c>a.b</c>, <c>a[i]</c>).
/// </summary>
/// <remarks>Reading a declared name does not run code of the script. Globals, and all that follows a name, are read by trace.js.</remarks>
internal sealed class ReadPlan(ScopeTree scopes, int start, int end)
{
    private const int MaxRoots = 12;
    private const int MaxParts = 20;
    private const int MaxName = 80;

    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);
    private readonly List<(string Name, RootKind Kind)> _roots = [];
    private readonly List<(string Name, string Base, string Key, bool KeyIsName, bool IsCallee)> _parts = [];

    private enum RootKind
    {
        /// <summary>Has its value here.</summary>
        Plain,

        /// <summary>May not be initialised.</summary>
        Careful,

        /// <summary>A name that the program does not declare.</summary>
        Global,
    }

    /// <summary>The names in the order of their values.</summary>
    public ImmutableArray<string> Names => [.. _roots.Select((root) => root.Name), .. _parts.Select((part) => part.Name)];

    public bool IsEmpty => _roots.Count == 0;

    /// <summary>Adds a name that has its value.</summary>
    public void AddPlain(string name) => AddRoot(name, RootKind.Plain);

    /// <summary>Adds an access and the accesses that it begins with. Returns its name; null if its value cannot be read from data.</summary>
    public string? Add(Expression access, bool isCallee = false, Scope? from = null) => access switch
    {
        Identifier name => Add(name, from),
        ThisExpression => AddRoot("this", RootKind.Careful),
        MemberExpression member => Add(member, isCallee, from),
        _ => null,
    };

    private string? Add(Identifier name, Scope? from)
    {
        if (scopes.ReferenceOf(name) is not { MayBeDynamic: false } reference) return null;
        if (reference.Binding is not { } binding) return AddRoot(name.Name, RootKind.Global);
        // Another declaration hides the variable at the place where the name is read.
        if (from is not null && scopes.Resolve(name.Name, from) != binding) return null;
        // A variable that the statement declares does not exist before the statement.
        if (binding.Declaration is { } declaration && declaration.Start >= start && declaration.Start < end) return null;
        bool hasValue = binding.Kind is BindingKind.Var or BindingKind.Function or BindingKind.Arguments or BindingKind.FunctionName
            || (binding.Kind is BindingKind.Parameter or BindingKind.CatchParameter && !reference.IsCapture);
        bool isBefore = !reference.IsCapture && binding.Scope.Kind != ScopeKind.Switch && binding.Declaration is { } before && before.End <= start;
        return AddRoot(name.Name, hasValue || isBefore ? RootKind.Plain : RootKind.Careful);
    }

    private string? Add(MemberExpression member, bool isCallee, Scope? from)
    {
        if (Add(member.Object, isCallee: false, from) is not { } inner) return null;
        (string Key, bool IsName)? key = member switch
        {
            { IsComputed: false, Property: Identifier name } => (name.Name, false),
            { IsComputed: true, Property: StringLiteral text } => (text.Value, false),
            { IsComputed: true, Property: NumberLiteral { Value: >= 0 and < int.MaxValue } number } when number.Value == Math.Floor(number.Value) =>
                (((int)number.Value).ToString(System.Globalization.CultureInfo.InvariantCulture), false),
            { IsComputed: true, Property: Identifier or MemberExpression } when Add(member.Property, isCallee: false, from) is { } name => (name, true),
            _ => null,
        };
        if (key is not { } found || found.Key.Length > MaxName) return null;
        string whole = !member.IsComputed ? $"{inner}.{found.Key}"
            : member.Property is StringLiteral ? $"{inner}['{found.Key}']" : $"{inner}[{found.Key}]";
        return AddPart(whole, inner, found.Key, found.IsName, isCallee);
    }

    /// <summary>Adds the properties that a pattern takes from a value.</summary>
    public void AddPattern(Node pattern, string from)
    {
        if (pattern is not ObjectPattern members) return;
        foreach (Node member in members.Properties)
        {
            if (member is not Property { IsComputed: false, Key: Identifier { Name: { Length: <= MaxName } key } } property) continue;
            if (AddPart($"{from}.{key}", from, key, keyIsName: false, isCallee: false) is { } name) AddPattern(property.Value, name);
        }
    }

    private string? AddPart(string whole, string inner, string key, bool keyIsName, bool isCallee)
    {
        if (_known.ContainsKey(whole)) return whole;
        if (_parts.Count >= MaxParts || whole.Length > MaxName) return null;
        _known.Add(whole, _parts.Count);
        _parts.Add((whole, inner, key, keyIsName, isCallee));
        return whole;
    }

    private string? AddRoot(string name, RootKind kind)
    {
        if (_known.ContainsKey(name)) return name;
        if (_roots.Count >= MaxRoots) return null;
        _known.Add(name, _roots.Count);
        _roots.Add((name, kind));
        return name;
    }

    /// <summary>The statements that read the names, and the two arguments that give their values to trace.js.</summary>
    public (ImmutableArray<Statement> Before, Expression Roots, Expression Parts) Code(Node at)
    {
        var before = ImmutableArray.CreateBuilder<Statement>();
        var values = ImmutableArray.CreateBuilder<Expression?>();
        for (int i = 0; i < _roots.Count; i++)
        {
            (string name, RootKind kind) = _roots[i];
            if (kind == RootKind.Careful)
            {
                string read = TraceNames.Read + i;
                before.AddRange(TraceCode.ReadCarefully(at, read, name == "this" ? new ThisExpression(at.Start, at.Start) : TraceCode.Name(at, name)));
                values.Add(TraceCode.Name(at, read));
            }
            else
            {
                values.Add(kind == RootKind.Plain ? TraceCode.Name(at, name) : TraceCode.Call(at, "global", TraceCode.Text(at, name)));
            }
        }

        IEnumerable<Expression?> parts = _parts.SelectMany((part) => (Expression?[])
        [
            TraceCode.Number(at, IndexOf(part.Base)), part.KeyIsName ? TraceCode.Number(at, IndexOf(part.Key)) : TraceCode.Text(at, part.Key),
            TraceCode.Number(at, part.IsCallee ? 1 : 0),
        ]);
        return (before.ToImmutable(), TraceCode.List(at, values.ToImmutable()), TraceCode.List(at, [.. parts]));
    }

    private int IndexOf(string name)
    {
        int at = _known[name];
        return at < _roots.Count && _roots[at].Name == name ? at : _roots.Count + at;
    }
}
