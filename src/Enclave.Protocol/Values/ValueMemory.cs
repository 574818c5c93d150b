using System.Runtime.InteropServices;
using System.Text.Json;

namespace Enclave.Protocol.Values;

/// <summary>Computes the memory of values, with the same costs as <see cref="ValueCost"/>.</summary>
internal static class ValueMemory
{
    /// <summary>The longest JSON of a number that is surely no BigInt.</summary>
    private const int LongestNumber = 16;

    // Converted documents may have been read with other settings.
    private static readonly JsonReaderOptions s_lenient =
        new() { MaxDepth = int.MaxValue, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

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

    /// <summary>Returns the bytes that the value of some JSON takes, before it is made.</summary>
    public static long Of(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Undefined) return 0;
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(json), s_lenient);
        long bytes = 0;
        while (reader.Read())
        {
            bytes += (reader.TokenType switch
            {
                JsonTokenType.StartObject => ValueCost.OfObject,
                JsonTokenType.StartArray => ValueCost.OfArray,
                JsonTokenType.PropertyName or JsonTokenType.String => ValueCost.OfText(reader.ValueSpan.Length),
                JsonTokenType.Number => reader.ValueSpan.Length > LongestNumber ? ValueCost.OfBigInt(reader.ValueSpan.Length) : ValueCost.OfNumber,
                JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null => ValueCost.OfShared,
                _ => default,
            }).Memory;
        }

        return bytes;
    }
}
