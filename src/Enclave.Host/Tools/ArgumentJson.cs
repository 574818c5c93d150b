using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Tools;

/// <summary>Writes arguments as JSON for strict binding. A BigInt becomes a number. Values without a JSON form are refused, not changed.</summary>
public static class ArgumentJson
{
    private static readonly JsonWriterOptions s_plain = new() { MaxDepth = 2 * ProtocolLimits.MaxDepth };

    /// <exception cref="JsonException">A number or a name has no JSON form.</exception>
    public static ArrayBufferWriter<byte> ToUtf8(ScriptValue value)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output, s_plain);
        Write(writer, value);
        writer.Flush();
        return output;
    }

    /// <summary>The members of an object, for tools that take them one by one.</summary>
    /// <exception cref="JsonException">A number or a name has no JSON form.</exception>
    public static Dictionary<string, JsonElement> MembersOf(ScriptValue value)
    {
        using JsonDocument json = JsonDocument.Parse(ToUtf8(value).WrittenMemory, new JsonDocumentOptions { MaxDepth = s_plain.MaxDepth });
        return json.RootElement.EnumerateObject().ToDictionary((member) => member.Name, (member) => member.Value.Clone(), StringComparer.Ordinal);
    }

    // Recursion is as deep as the value, and no value is deeper than ProtocolLimits.MaxDepth.
    private static void Write(Utf8JsonWriter writer, ScriptValue value)
    {
        switch (value.Kind)
        {
            case ScriptValueKind.Number when !double.IsFinite(value.AsDouble()):
                throw new JsonException("a number without a JSON form");
            case ScriptValueKind.BigInt:
                writer.WriteRawValue(value.AsBigInteger().ToString(CultureInfo.InvariantCulture), skipInputValidation: true);
                break;
            case ScriptValueKind.Array:
                writer.WriteStartArray();
                foreach (ScriptValue item in value.Items) Write(writer, item);
                writer.WriteEndArray();
                break;
            case ScriptValueKind.Object:
                writer.WriteStartObject();
                foreach ((string key, ScriptValue member) in value.Properties)
                {
                    // As with JSON.stringify, undefined members are left out.
                    if (member.Kind == ScriptValueKind.Undefined) continue;
                    if (!Utf16.IsWellFormed(key)) throw new JsonException("a name without a JSON form");
                    writer.WritePropertyName(key);
                    Write(writer, member);
                }

                writer.WriteEndObject();
                break;
            default:
                JsonExport.Write(writer, value);
                break;
        }
    }
}
