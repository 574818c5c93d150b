using System.Collections.Frozen;
using Enclave.Schemas.Checks;

namespace Enclave.Schemas.Calls;

/// <summary>Reads the schema of a result: its types, the items of an array, and whether a member can be there.</summary>
internal static class SchemaReading
{
    private const SchemaType Data = SchemaType.Array | SchemaType.Object;

    private static readonly FrozenSet<string> s_object = FrozenSet.Create(
        StringComparer.Ordinal, "toString", "toLocaleString", "valueOf", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "constructor", "__proto__",
        "toJSON", "then");

    private static readonly FrozenSet<string> s_array = FrozenSet.Create(
        StringComparer.Ordinal, "length", "at", "concat", "copyWithin", "entries", "every", "fill", "filter", "find", "findIndex", "findLast", "findLastIndex",
        "flat", "flatMap", "forEach", "includes", "indexOf", "join", "keys", "lastIndexOf", "map", "pop", "push", "reduce", "reduceRight", "reverse", "shift",
        "slice", "some", "sort", "splice", "toReversed", "toSorted", "toSpliced", "unshift", "values", "with");

    private static readonly FrozenSet<string> s_number = FrozenSet.Create(StringComparer.Ordinal, "toFixed", "toPrecision", "toExponential");

    /// <summary>The types that a value may have.</summary>
    public static SchemaType Types(SchemaNode node, CheckBudget budget)
    {
        budget.Step();
        if (node.IsNever) return SchemaType.Any;
        SchemaType types = node.Types;
        foreach (SchemaNode part in node.All) types &= Types(part, budget);
        if (node.Any.Length > 0) types &= Either(node.Any, budget);
        if (node.One.Length > 0) types &= Either(node.One, budget);
        // A schema that contradicts itself does not restrict the types.
        return types == SchemaType.None ? SchemaType.Any : types;
    }

    /// <summary>The schema of an array's items; null if the value need not be an array, or they have several.</summary>
    public static SchemaNode? Items(SchemaNode node, CheckBudget budget)
    {
        budget.Step();
        if (node is { Items: { IsNever: false } items, FirstItems: [] } && (node.Types & Data) == SchemaType.Array) return items;
        SchemaNode? found = null;
        foreach (SchemaNode part in node.All) found ??= Items(part, budget);
        return found ?? OnlyForm(node, budget, static (form, budget) => Items(form, budget));
    }

    /// <summary>Whether the value may have a member, and the member's schema if exactly one describes it.</summary>
    public static MemberPresence Find(SchemaNode node, string name, CheckBudget budget, out SchemaNode? member)
    {
        member = null;
        if (s_object.Contains(name)) return MemberPresence.Unknown;
        SchemaType types = Types(node, budget);
        if (types == SchemaType.Any && !IsDescribed(node, budget)) return MemberPresence.Unknown;
        if ((types & SchemaType.Object) == 0) return IsBuiltIn(types, name) ? MemberPresence.Unknown : MemberPresence.Absent;
        // The value may also have a type other than object and null, so the member is unknown.
        if (types != SchemaType.Any && (types & ~(SchemaType.Object | SchemaType.Null)) != 0) return MemberPresence.Unknown;
        return FindMember(node, name, budget, out member);
    }

    /// <summary>The names of an object's members.</summary>
    public static IEnumerable<string> Names(SchemaNode node, CheckBudget budget)
    {
        budget.Step();
        IEnumerable<string> names = node.Members?.Keys ?? Enumerable.Empty<string>();
        foreach (SchemaNode part in node.All.Concat(node.Any).Concat(node.One)) names = names.Concat(Names(part, budget));
        return names;
    }

    private static SchemaType Either(SchemaNode[] forms, CheckBudget budget)
    {
        SchemaType types = SchemaType.None;
        foreach (SchemaNode form in forms) types |= Types(form, budget);
        return types;
    }

    private static bool IsDescribed(SchemaNode node, CheckBudget budget)
    {
        budget.Step();
        return node.Members is { Count: > 0 } || node.All.Any((part) => IsDescribed(part, budget))
            || (node.Any.Length + node.One.Length > 0 && node.Any.Concat(node.One).All((part) => IsDescribed(part, budget)));
    }

    private static MemberPresence FindMember(SchemaNode node, string name, CheckBudget budget, out SchemaNode? member)
    {
        budget.Step();
        if (node.Members?.TryGetValue(name, out member) == true) return member!.IsNever ? MemberPresence.Absent : MemberPresence.Present;
        member = null;
        // Conditions, names by patterns and further members that are described may bring the member.
        bool isOpen = node.NamedMembers.Length > 0 || node.OtherMembers is { IsNever: false } || node.If is not null || node.HeldBeside.Length > 0;
        bool isAbsent = node is { OtherMembers.IsNever: true, NamedMembers: [] };
        bool isUnnamed = node.Members is { Count: > 0 } && !isOpen;
        foreach (SchemaNode part in node.All)
        {
            MemberPresence inPart = FindMember(part, name, budget, out member);
            if (inPart == MemberPresence.Present) return inPart;
            isOpen |= inPart == MemberPresence.Open;
            isAbsent |= inPart == MemberPresence.Absent;
            isUnnamed |= inPart == MemberPresence.Unnamed;
        }

        foreach (SchemaNode[] forms in (SchemaNode[][])[node.Any, node.One])
        {
            if (forms.Length == 0) continue;
            MemberPresence inForms = FindInForms(forms, name, budget, out member);
            if (inForms == MemberPresence.Present) return inForms;
            isOpen |= inForms == MemberPresence.Open;
            isAbsent |= inForms == MemberPresence.Absent;
            isUnnamed |= inForms == MemberPresence.Unnamed;
        }

        return isAbsent ? MemberPresence.Absent : isOpen ? MemberPresence.Open : isUnnamed ? MemberPresence.Unnamed : MemberPresence.Unknown;
    }

    private static MemberPresence FindInForms(SchemaNode[] forms, string name, CheckBudget budget, out SchemaNode? member)
    {
        member = null;
        (int present, bool isOpen, bool isUnknown, bool isUnnamed) = (0, false, false, false);
        SchemaNode? only = null;
        foreach (SchemaNode form in forms)
        {
            if (Types(form, budget) == SchemaType.Null) continue;
            MemberPresence inForm = FindMember(form, name, budget, out SchemaNode? found);
            isOpen |= inForm == MemberPresence.Open;
            isUnknown |= inForm == MemberPresence.Unknown;
            isUnnamed |= inForm == MemberPresence.Unnamed;
            if (inForm == MemberPresence.Present) (present, only) = (present + 1, found);
        }

        if (present > 0)
        {
            member = present == 1 ? only : null;
            return MemberPresence.Present;
        }

        return isOpen ? MemberPresence.Open : isUnknown ? MemberPresence.Unknown : isUnnamed ? MemberPresence.Unnamed : MemberPresence.Absent;
    }

    private static SchemaNode? OnlyForm(SchemaNode node, CheckBudget budget, Func<SchemaNode, CheckBudget, SchemaNode?> read)
    {
        SchemaNode[] forms = [.. node.Any.Concat(node.One).Where((form) => Types(form, budget) != SchemaType.Null)];
        return forms is [var only] ? read(only, budget) : null;
    }

    private static bool IsBuiltIn(SchemaType types, string name)
    {
        // The members of texts are many, and dates and bytes are described as texts.
        if ((types & SchemaType.String) != 0) return true;
        if ((types & SchemaType.Array) != 0 && (s_array.Contains(name) || (name.Length > 0 && char.IsAsciiDigit(name[0])))) return true;
        return (types & (SchemaType.Integer | SchemaType.Number)) != 0 && s_number.Contains(name);
    }
}

/// <summary>Says if an object can have a member.</summary>
internal enum MemberPresence
{
    /// <summary>The schema does not say.</summary>
    Unknown,

    /// <summary>The schema describes members that it does not name.</summary>
    Open,

    /// <summary>The schema names other members, and does not exclude further ones.</summary>
    Unnamed,

    Present,

    Absent,
}
