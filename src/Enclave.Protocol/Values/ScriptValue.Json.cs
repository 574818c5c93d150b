using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Protocol.Values;

namespace Enclave.Protocol;

public sealed partial class ScriptValue
{
    // A value may be nested deeper than the serializer's default of 64 levels.
    private static readonly JsonSerializerOptions WebOptions = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = 2 * ProtocolLimits.MaxDepth,
        TypeInfoResolver = ContractResolver.Instance,
    };

    /// <summary>This value as JSON.</summary>
    /// <remarks>
    /// <c>undefined</c> becomes null, or is left out of an object; NaN and the infinities become null; a BigInt a string of digits; a date ISO 8601 with
    /// milliseconds and Z; bytes base64; a lone surrogate its \udXXX escape; a reference an object of its id, size, kind and preview. It never throws.
    /// </remarks>
    public string ToJsonString() => Encoding.UTF8.GetString(JsonExport.ToUtf8(this).WrittenSpan);

    /// <summary>Writes this value as JSON, by the rules of <see cref="ToJsonString"/>.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        JsonExport.Write(writer, this);
    }

    /// <summary>This value as a JSON tree of its own, by the rules of <see cref="ToJsonString"/>; <c>null</c> for JSON's null.</summary>
    public JsonNode? ToJsonNode() => JsonExport.ToNode(this);

    /// <summary>This value as an object of another type, through its JSON.</summary>
    /// <param name="options">Options for reading. Default: the web defaults, which ignore the case of names and accept numbers as strings.</param>
    /// <exception cref="JsonException">The value does not fit the type.</exception>
    /// <exception cref="NotSupportedException">The type has no contract: a program that is compiled ahead adds one (docs/aot.md).</exception>
    public T? Deserialize<T>(JsonSerializerOptions? options = null) =>
        (T?)ContractResolver.Read(JsonExport.ToUtf8(this).WrittenSpan, typeof(T), options ?? WebOptions);

    /// <summary>This value as plain .NET objects.</summary>
    /// <returns>
    /// <c>null</c> (for <c>undefined</c> too), <see cref="bool"/>, <see cref="double"/>,
    /// <see cref="System.Numerics.BigInteger"/>, <see cref="string"/>, <c>byte[]</c>,
    /// <see cref="DateTimeOffset"/> (a string in ISO 8601 for a date outside the years 1 to 9999), <c>List&lt;object?&gt;</c> or
    /// <c>Dictionary&lt;string, object?&gt;</c>.
    /// </returns>
    public object? ToObject()
    {
        switch (Kind)
        {
            case ScriptValueKind.Undefined:
            case ScriptValueKind.Null:
                return null;
            case ScriptValueKind.Boolean:
                return AsBoolean();
            case ScriptValueKind.Number:
                return _number;
            case ScriptValueKind.Bytes:
                return AsBytes().ToArray();
            case ScriptValueKind.Date:
                return HasDateTimeOffset ? AsDate() : ToIsoString();
            case ScriptValueKind.Array:
                var list = new List<object?>(Count);
                foreach (ScriptValue item in Items) list.Add(item.ToObject());
                return list;
            case ScriptValueKind.Object:
                var dictionary = new Dictionary<string, object?>(Count, StringComparer.Ordinal);
                foreach (KeyValuePair<string, ScriptValue> property in Properties) dictionary.Add(property.Key, property.Value.ToObject());
                return dictionary;
            case ScriptValueKind.Reference:
                return JsonExport.Plain(AsReference()).ToObject();
            default:
                return _data;
        }
    }

    /// <summary>This value as text for people: its JSON, shortened, with <c>undefined</c>, NaN, BigInts and bytes shown as such.</summary>
    public override string ToString() => ValuePreview.Of(this);

    private string ToIsoString() => IsoDate.Format(AsDateMilliseconds());
}
