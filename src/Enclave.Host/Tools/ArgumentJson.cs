using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Tools;

/// <summary>Writes arguments as JSON for strict binding. A BigInt becomes a number. Values without a JSON form are refused, not changed.</summary>
/// <remarks>The JSON may be several times as large as the value. The JSON counts as the run's memory until the call ends, and the call is refused if there is
/// no room.</remarks>
internal static class ArgumentJson
{
    /// <summary>JSON up to this length is written at once, without being measured before.</summary>
    private const int Small = 16 << 10;

    /// <summary>The bytes of a document's index for each name, value and end of a list.</summary>
    private const int BytesPerToken = 12;

    // A character takes six bytes if it is escaped. A text with a lone surrogate is written as one piece, with two more copies.
    private const int BytesPerCharacter = 6, BytesPerBrokenCharacter = 30, BytesPerScalar = 32;

    private static readonly JsonWriterOptions s_plain = new() { MaxDepth = 2 * ProtocolLimits.MaxDepth };

    /// <summary>A value as JSON in UTF-8.</summary>
    /// <param name="value">The value.</param>
    /// <param name="context">The call.</param>
    /// <exception cref="JsonException">A number or a name has no JSON form.</exception>
    /// <exception cref="ToolException">The host has no room for the JSON.</exception>
    public static ReadOnlyMemory<byte> ToUtf8(ScriptValue value, ToolContext context) => ToUtf8(value, context, 0);

    /// <summary>The members of an object, for tools that take them one by one.</summary>
    /// <inheritdoc cref="ToUtf8(ScriptValue, ToolContext)"/>
    public static Dictionary<string, JsonElement> MembersOf(ScriptValue value, ToolContext context)
    {
        // Not disposed, because the elements refer to it. A clone of each would double the memory.
        JsonDocument json = JsonDocument.Parse(ToUtf8(value, context, BytesPerToken), new JsonDocumentOptions { MaxDepth = s_plain.MaxDepth });
        return json.RootElement.EnumerateObject().ToDictionary((member) => member.Name, (member) => member.Value, StringComparer.Ordinal);
    }

    private static ReadOnlyMemory<byte> ToUtf8(ScriptValue value, ToolContext context, int bytesPerToken)
    {
        var cost = new Cost();
        Add(value, ref cost);
        if (cost.MostBytes <= Small)
        {
            Hold(context, cost.MostBytes + (cost.Tokens * bytesPerToken));
            var output = new ArrayBufferWriter<byte>((int)cost.MostBytes);
            WriteAll(output, value);
            return output.WrittenMemory;
        }

        Hold(context, cost.Copies);
        using var measured = new JsonPieces(null);
        WriteAll(measured, value);
        if (measured.Written > Array.MaxLength) throw NoRoom(measured.Written);
        Hold(context, measured.Written + (cost.Tokens * bytesPerToken));
        byte[] json = new byte[measured.Written];
        using var pieces = new JsonPieces(json);
        WriteAll(pieces, value);
        return json;
    }

    private static void Hold(ToolContext context, long bytes)
    {
        if (bytes > 0 && !context.Memory.TryGrow(bytes)) throw NoRoom(bytes);
    }

    private static ToolException NoRoom(long bytes) => ToolFault.Of(ToolCode.ArgumentsTooLarge,
        $"the arguments take {bytes} bytes as JSON, and have no room in the host beside what other calls of the run hold (HostMemoryLimitPerRun)");

    private static void WriteAll(IBufferWriter<byte> output, ScriptValue value)
    {
        using var writer = new Utf8JsonWriter(output, s_plain);
        Write(writer, value);
        writer.Flush();
    }

    // Recursion is as deep as the value, and no value is deeper than ProtocolLimits.MaxDepth.
    private static void Add(ScriptValue value, ref Cost cost)
    {
        cost.Tokens++;
        switch (value.Kind)
        {
            case ScriptValueKind.String: cost.Add(value.AsString()); break;
            case ScriptValueKind.Bytes: cost.MostBytes += BytesPerScalar + (2L * value.AsBytes().Length); break;
            case ScriptValueKind.BigInt: cost.MostBytes += BytesPerScalar + value.AsBigInteger().GetBitLength(); break;
            case ScriptValueKind.Array:
                cost.MostBytes += BytesPerScalar;
                foreach (ScriptValue item in value.Items) Add(item, ref cost);
                break;
            case ScriptValueKind.Object:
                cost.MostBytes += BytesPerScalar;
                foreach ((string key, ScriptValue member) in value.Properties)
                {
                    cost.Tokens++;
                    cost.Add(key);
                    Add(member, ref cost);
                }

                break;
            case ScriptValueKind.Reference: cost.MostBytes += Small; break;
            default: cost.MostBytes += BytesPerScalar; break;
        }
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

    /// <summary>The most memory that JSON takes, found without writing it.</summary>
    private struct Cost
    {
        /// <summary>The most bytes that it has.</summary>
        public long MostBytes;

        /// <summary>Bytes of further copies while it is written.</summary>
        public long Copies;

        /// <summary>Names and values.</summary>
        public long Tokens;

        public void Add(string text)
        {
            MostBytes += BytesPerScalar + ((long)BytesPerCharacter * text.Length);
            if (!Utf16.IsWellFormed(text)) Copies += (long)BytesPerBrokenCharacter * text.Length;
        }
    }
}
