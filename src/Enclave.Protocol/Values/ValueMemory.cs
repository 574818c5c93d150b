namespace Enclave.Protocol.Values;

/// <summary>Computes the memory of values that have been read, with the same costs as <see cref="ValueCost"/>.</summary>
internal static class ValueMemory
{
    /// <summary>Returns the bytes that a value takes, rounded up.</summary>
    public static long Of(ScriptValue value)
    {
        switch (value.Kind)
        {
            case ScriptValueKind.Array:
                long items = ValueCost.OfArray.Memory;
                foreach (ScriptValue item in value.Items) items += Of(item);
                return items;
            case ScriptValueKind.Object:
                long properties = ValueCost.OfObject.Memory;
                foreach (KeyValuePair<string, ScriptValue> property in value.Properties)
                    properties += ValueCost.OfText(property.Key.Length).Memory + Of(property.Value);
                return properties;
            case ScriptValueKind.String: return ValueCost.OfText(value.AsString().Length).Memory;
            case ScriptValueKind.Bytes: return ValueCost.OfBytes(value.Count).Memory;
            case ScriptValueKind.BigInt: return ValueCost.OfBigInt(value.AsBigInteger().GetByteCount()).Memory;
            case ScriptValueKind.Reference: return ValueCost.OfReference(value.AsReference().Preview.Length).Memory;
            default: return ValueCost.OfNumber.Memory;
        }
    }
}
