using System.Runtime.CompilerServices;
using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Schemas.Checks;

/// <content>
/// Items and members that no part for the same value has evaluated (JSON Schema Core, 11.2 and 11.3). A part that does not fit has evaluated nothing.
/// </content>
internal sealed partial class SchemaCheck
{
    private bool FitsRestOfItems(SchemaNode node, ScriptValue value)
    {
        if (node.RestItems is not { } rest) return true;
        var seen = new HashSet<int>();
        See(node, value, (one) => SeeItems(one, one == node, value, seen), new HashSet<SchemaNode>(ReferenceEqualityComparer.Instance));
        for (int i = 0; i < value.Count; i++)
        {
            if (seen.Contains(i)) continue;
            _path.Enter(i);
            if (!Left(Fits(rest, value[i]))) return false;
        }

        return true;
    }

    private bool FitsRestOfMembers(SchemaNode node, ScriptValue value)
    {
        if (node.RestMembers is not { } rest) return true;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        See(node, value, (one) => SeeMembers(one, one == node, value, seen), new HashSet<SchemaNode>(ReferenceEqualityComparer.Instance));
        foreach ((string key, ScriptValue member) in value.Properties)
        {
            if (member.Kind == ScriptValueKind.Undefined || seen.Contains(key)) continue;
            if (rest.IsNever) return IsQuiet ? false : Differs($"{At(key)} is not known{Hint(node, key)}");
            if (!Step(key, rest, member)) return false;
        }

        return true;
    }

    // The recursion is as deep as the places that hold for one value, which the compilation bounds. Each place is visited once.
    private void See(SchemaNode node, ScriptValue value, Action<SchemaNode> see, HashSet<SchemaNode> passed)
    {
        _meter.Step();
        if (!passed.Add(node)) return;
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw new CheckLimitException("they are nested too deep for their schema");
        see(node);
        foreach (SchemaNode part in node.All) See(part, value, see, passed);
        foreach (SchemaNode form in node.Any.Concat(node.One).Where((form) => FitsQuietly(form, value))) See(form, value, see, passed);
        foreach ((string name, SchemaNode held) in node.HeldBeside)
        {
            if (value.Kind == ScriptValueKind.Object && value[name].Kind != ScriptValueKind.Undefined) See(held, value, see, passed);
        }

        if (node.If is null) return;
        bool fits = FitsQuietly(node.If, value);
        if (fits) See(node.If, value, see, passed);
        if ((fits ? node.Then : node.Else) is { } follows) See(follows, value, see, passed);
    }

    private void SeeItems(SchemaNode node, bool isOwn, ScriptValue value, HashSet<int> seen)
    {
        bool all = node.Items is not null || (!isOwn && node.RestItems is not null);
        for (int i = 0; i < value.Count; i++)
        {
            _meter.Step();
            if (all || i < node.FirstItems.Length || (node.Contained is not null && FitsQuietly(node.Contained, value[i]))) seen.Add(i);
        }
    }

    private void SeeMembers(SchemaNode node, bool isOwn, ScriptValue value, HashSet<string> seen)
    {
        bool all = node.OtherMembers is not null || (!isOwn && node.RestMembers is not null);
        foreach ((string key, _) in value.Properties)
        {
            _meter.Step();
            if (all || node.Members?.ContainsKey(key) == true || node.NamedMembers.Any((named) => named.Name.IsIn(key, _meter))) seen.Add(key);
        }
    }
}
