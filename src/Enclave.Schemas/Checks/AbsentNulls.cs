using System.Runtime.CompilerServices;
using Enclave.JavaScript.Text;
using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Schemas.Checks;

/// <summary>
/// Leaves out members that are null, may be left out, and may not be null. Scripts of models write null for an argument that they do not have.
/// </summary>
internal static class AbsentNulls
{
    /// <summary>The value without the members that stand for absent ones; the same value if there are none.</summary>
    /// <exception cref="CheckLimitException">The value is nested too deep.</exception>
    /// <exception cref="WorkLimitException">The work took too much CPU time.</exception>
    public static ScriptValue Without(SchemaNode schema, ScriptValue value, WorkMeter meter)
    {
        meter.Step();
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw new CheckLimitException("they are nested too deep for their schema");
        foreach (SchemaNode part in schema.All) value = Without(part, value, meter);
        return value.Kind switch
        {
            ScriptValueKind.Object when schema.Members is not null => OfMembers(schema, value, meter),
            ScriptValueKind.Array when schema.Items is { } items && schema.FirstItems.Length == 0 => OfItems(items, value, meter),
            _ => value,
        };
    }

    /// <summary>True if a member with the value null counts as absent.</summary>
    public static bool IsAbsent(SchemaNode schema, string name, WorkMeter meter) => schema.Members!.TryGetValue(name, out SchemaNode? member)
        && !schema.Required.Contains(name) && SchemaCheck.FirstDifference(member, ScriptValue.Null, meter) is not null;

    private static ScriptValue OfMembers(SchemaNode schema, ScriptValue value, WorkMeter meter)
    {
        List<KeyValuePair<string, ScriptValue>>? kept = null;
        for (int i = 0; i < value.Properties.Length; i++)
        {
            meter.Step();
            (string name, ScriptValue given) = value.Properties[i];
            bool isAbsent = given.Kind == ScriptValueKind.Null && IsAbsent(schema, name, meter);
            ScriptValue member = !isAbsent && schema.Members!.TryGetValue(name, out SchemaNode? node) ? Without(node, given, meter) : given;
            if (kept is null && (isAbsent || !ReferenceEquals(member, given))) kept = [.. value.Properties.Take(i)];
            if (!isAbsent) kept?.Add(KeyValuePair.Create(name, member));
        }

        if (kept is null) return value;
        var members = new PropertyTable.Builder(kept.Count);
        foreach ((string name, ScriptValue member) in kept) members.Set(name, member);
        return ScriptValue.OfObject(members.Build());
    }

    private static ScriptValue OfItems(SchemaNode schema, ScriptValue value, WorkMeter meter)
    {
        ScriptValue[]? changed = null;
        for (int i = 0; i < value.Items.Length; i++)
        {
            ScriptValue item = Without(schema, value.Items[i], meter);
            if (!ReferenceEquals(item, value.Items[i])) (changed ??= [.. value.Items])[i] = item;
        }

        return changed is null ? value : ScriptValue.OfArray(changed);
    }
}
