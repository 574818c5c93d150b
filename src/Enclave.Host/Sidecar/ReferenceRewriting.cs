using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Sidecar;

/// <summary>Replaces each reference in a value. Parts without references are neither walked nor copied.</summary>
internal static class ReferenceRewriting
{
    // Recursion is as deep as the value, and no value is deeper than ProtocolLimits.MaxDepth.
    public static ScriptValue Rewrite(ScriptValue value, Func<ScriptReference, ScriptValue> replace)
    {
        if (!value.HasReference) return value;
        switch (value.Kind)
        {
            case ScriptValueKind.Reference:
                return replace(value.AsReference());
            case ScriptValueKind.Array:
                var items = new ScriptValue[value.Count];
                for (int i = 0; i < items.Length; i++) items[i] = Rewrite(value.Items[i], replace);
                return ScriptValue.OfArray(items);
            default:
                var properties = new PropertyTable.Builder(value.Count);
                foreach (KeyValuePair<string, ScriptValue> property in value.Properties) properties.Set(property.Key, Rewrite(property.Value, replace));
                return ScriptValue.OfObject(properties.Build());
        }
    }

    /// <summary>Reports each reference and its nesting.</summary>
    public static void Visit(ScriptValue value, Action<ScriptReference, int> see, int depth = 0)
    {
        if (!value.HasReference) return;
        switch (value.Kind)
        {
            case ScriptValueKind.Reference:
                see(value.AsReference(), depth);
                break;
            case ScriptValueKind.Array:
                foreach (ScriptValue item in value.Items) Visit(item, see, depth + 1);
                break;
            default:
                foreach (KeyValuePair<string, ScriptValue> property in value.Properties) Visit(property.Value, see, depth + 1);
                break;
        }
    }
}
