using Enclave.Protocol;

namespace Enclave.Schemas.Checks;

/// <summary>One place of a compiled schema. Not changed after the compilation.</summary>
internal sealed class SchemaNode
{
    /// <summary>True for the schema that nothing fits.</summary>
    public bool IsNever { get; set; }

    public SchemaType Types { get; set; } = SchemaType.Any;

    /// <summary>The types in words; null if it names none.</summary>
    public string? TypeText { get; set; }

    public string? Format { get; set; }

    public HashSet<ScriptValue>? Choices { get; set; }

    /// <summary>The choices in words.</summary>
    public string ChoiceText { get; set; } = "";

    public ScriptValue? Only { get; set; }

    public string OnlyText { get; set; } = "";

    public SchemaBound[] Bounds { get; set; } = [];

    public CountBound? Characters { get; set; }

    public SchemaPattern? Pattern { get; set; }

    public CountBound? ItemCount { get; set; }

    public bool HasUniqueItems { get; set; }

    public SchemaNode[] FirstItems { get; set; } = [];

    public SchemaNode? Items { get; set; }

    public SchemaNode? Contained { get; set; }

    public CountBound? ContainedCount { get; set; }

    public CountBound? MemberCount { get; set; }

    public string[] Required { get; set; } = [];

    public Dictionary<string, SchemaNode>? Members { get; set; }

    public (SchemaPattern Name, SchemaNode Schema)[] NamedMembers { get; set; } = [];

    public SchemaNode? OtherMembers { get; set; }

    public SchemaNode? Names { get; set; }

    /// <summary>The schema of items that no other part for the same value has evaluated; null if they are free.</summary>
    public SchemaNode? RestItems { get; set; }

    /// <inheritdoc cref="RestItems"/>
    public SchemaNode? RestMembers { get; set; }

    public (string Name, string[] Needed)[] NeededBeside { get; set; } = [];

    public (string Name, SchemaNode Schema)[] HeldBeside { get; set; } = [];

    /// <summary>The schema of a reference and of each <c>allOf</c>: all of them hold.</summary>
    public SchemaNode[] All { get; set; } = [];

    public SchemaNode[] Any { get; set; } = [];

    public SchemaNode[] One { get; set; } = [];

    public SchemaNode? Not { get; set; }

    public SchemaNode? If { get; set; }

    public SchemaNode? Then { get; set; }

    public SchemaNode? Else { get; set; }

    /// <summary>True if more than one place leads here: the same value may be checked here again.</summary>
    public bool IsShared { get; set; }

    /// <summary>
    /// True if the answer for a value is remembered. For a value without parts a new check takes no longer, unless this place has alternatives.
    /// </summary>
    public bool Remembers(ScriptValue value) => IsShared && (value.Depth > 0 || All.Length + Any.Length + One.Length > 0 || Not is not null || If is not null);

    /// <summary>The places that hold for the same value.</summary>
    public IEnumerable<SchemaNode> SameValue()
    {
        foreach (SchemaNode node in All) yield return node;
        foreach (SchemaNode node in Any) yield return node;
        foreach (SchemaNode node in One) yield return node;
        foreach ((_, SchemaNode node) in HeldBeside) yield return node;
        foreach (SchemaNode? node in (SchemaNode?[])[Not, If, Then, Else])
        {
            if (node is not null) yield return node;
        }
    }

    /// <summary>The values that the place takes, in words.</summary>
    public string Expected()
    {
        SchemaNode node = this;
        // The compilation bounds how far one value's places lead.
        while (node is { All: [var only, ..], Choices: null, Only: null, TypeText: null }) node = only;
        if (node.Choices is not null) return $"one of {node.ChoiceText}";
        if (node.Only is not null) return node.OnlyText;
        string text = node.TypeText ?? "a value";
        return node.Format is { } format ? $"{text} ({format})" : text;
    }
}
