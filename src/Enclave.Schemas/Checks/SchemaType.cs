using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Schemas.Checks;

/// <summary>The types of JSON Schema, as a set.</summary>
[Flags]
internal enum SchemaType
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Integer = 4,

    /// <summary>A number with a fraction. The type <c>number</c> is this and <see cref="Integer"/>.</summary>
    Number = 8,
    String = 16,
    Array = 32,
    Object = 64,
    Any = 127,
}

/// <summary>The JSON form of a script's values.</summary>
internal static class SchemaTypes
{
    /// <summary>The type of a value; none if JSON has no such value.</summary>
    public static SchemaType Of(ScriptValue value) => value.Kind switch
    {
        ScriptValueKind.Undefined or ScriptValueKind.Null => SchemaType.Null,
        ScriptValueKind.Boolean => SchemaType.Boolean,
        ScriptValueKind.BigInt => SchemaType.Integer,
        ScriptValueKind.Number => double.IsInteger(value.AsDouble()) ? SchemaType.Integer : SchemaType.Number,
        ScriptValueKind.String or ScriptValueKind.Date or ScriptValueKind.Bytes => SchemaType.String,
        ScriptValueKind.Array => SchemaType.Array,
        ScriptValueKind.Object => SchemaType.Object,
        _ => SchemaType.None,
    };

    /// <summary>The set of a name; null if JSON Schema has no such type.</summary>
    public static SchemaType? Named(string? name) => name switch
    {
        "null" => SchemaType.Null,
        "boolean" => SchemaType.Boolean,
        "integer" => SchemaType.Integer,
        "number" => SchemaType.Integer | SchemaType.Number,
        "string" => SchemaType.String,
        "array" => SchemaType.Array,
        "object" => SchemaType.Object,
        _ => null,
    };

    /// <summary>The text of a string, or that a date or bytes become.</summary>
    public static string Text(ScriptValue value) => value.Kind switch
    {
        ScriptValueKind.String => value.AsString(),
        ScriptValueKind.Bytes => Convert.ToBase64String(value.AsBytes().Span),
        _ => IsoDate.Format(value.AsDateMilliseconds()),
    };

    /// <summary>The number of members that JSON has: those that are not <c>undefined</c>.</summary>
    public static int Members(ScriptValue value)
    {
        int count = 0;
        foreach ((_, ScriptValue member) in value.Properties)
        {
            if (member.Kind != ScriptValueKind.Undefined) count++;
        }

        return count;
    }
}
