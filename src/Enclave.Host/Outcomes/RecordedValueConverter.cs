using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Outcomes;

/// <summary>Writes values as JSON. A value that JSON cannot express is <c>{"$enclave": "…"}</c>, its wire form in base64.</summary>
internal sealed class RecordedValueConverter : JsonConverter<ScriptValue>
{
    /// <summary>The deepest value that is written as JSON.</summary>
    public const int MaxDepth = 48;

    private const string WireForm = "$enclave";

    /// <summary>Larger values are written encoded: people do not read them, and the file then has few tokens for its size.</summary>
    private const int MaxPlainBytes = 16 * 1024;

    public override bool HandleNull => true;

    public override ScriptValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        try
        {
            ScriptValue value = Value(document.RootElement);
            // Wire forms may be nested in JSON. The whole must fit into a message like any other value.
            return value.Depth <= ProtocolLimits.MaxObjectDepth
                ? value
                : throw new JsonException($"a value nested {value.Depth} deep, above {ProtocolLimits.MaxObjectDepth}");
        }
        catch (Exception fault) when (fault is ArgumentException or ProtocolException or FormatException or InvalidOperationException)
        {
            throw new JsonException($"a value that is none: {fault.Message}", fault);
        }
    }

    public override void Write(Utf8JsonWriter writer, ScriptValue value, JsonSerializerOptions options)
    {
        byte[] wire = ScriptValueCodec.Encode(value);
        if (wire.Length > MaxPlainBytes || value.Depth > MaxDepth) WriteWire(writer, wire);
        else WritePlain(writer, value);
    }

    private static ScriptValue Value(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Array:
                return ScriptValue.OfArray([.. json.EnumerateArray().Select(Value)]);
            case JsonValueKind.Object when json.TryGetProperty(WireForm, out JsonElement wire):
                return ScriptValueCodec.Decode(new ReadOnlySequence<byte>(wire.GetBytesFromBase64()), ValueLimits.Widest);
            case JsonValueKind.Object:
                var properties = new PropertyTable.Builder(0);
                foreach (JsonProperty property in json.EnumerateObject()) properties.Set(property.Name, Value(property.Value));
                return ScriptValue.OfObject(properties.Build());
            default:
                return ScriptValue.From(json);
        }
    }

    private static void WritePlain(Utf8JsonWriter writer, ScriptValue value)
    {
        switch (value.Kind)
        {
            case ScriptValueKind.Array:
                writer.WriteStartArray();
                foreach (ScriptValue item in value.Items) WritePlain(writer, item);
                writer.WriteEndArray();
                break;
            case ScriptValueKind.Object when value.Properties.All((property) => property.Key != WireForm && Utf16.IsWellFormed(property.Key)):
                writer.WriteStartObject();
                foreach (KeyValuePair<string, ScriptValue> property in value.Properties)
                {
                    writer.WritePropertyName(property.Key);
                    WritePlain(writer, property.Value);
                }

                writer.WriteEndObject();
                break;
            case ScriptValueKind.Null or ScriptValueKind.Boolean:
            case ScriptValueKind.String when Utf16.IsWellFormed(value.AsString()):
            case ScriptValueKind.Number when IsPlain(value.AsDouble()):
                JsonExport.Write(writer, value);
                break;
            default:
                WriteWire(writer, ScriptValueCodec.Encode(value));
                break;
        }
    }

    /// <summary>Excludes -0, which JSON writes as 0, and integers that JSON's reader would take for big integers.</summary>
    private static bool IsPlain(double number) => double.IsInteger(number)
        ? Math.Abs(number) <= ProtocolLimits.MaxSafeInteger && BitConverter.DoubleToInt64Bits(number) != BitConverter.DoubleToInt64Bits(-0.0)
        : double.IsFinite(number);

    private static void WriteWire(Utf8JsonWriter writer, byte[] wire)
    {
        writer.WriteStartObject();
        writer.WriteBase64String(WireForm, wire);
        writer.WriteEndObject();
    }
}
