using System.Text.Json;
using System.Text.Json.Serialization;

namespace Enclave.Protocol.Values;

/// <summary>Lets a <see cref="ScriptValue"/> be a member of what <c>System.Text.Json</c> reads or writes.</summary>
internal sealed class ScriptValueJsonConverter : JsonConverter<ScriptValue>
{
    public override bool HandleNull => true;

    public override ScriptValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        try
        {
            return ScriptValue.From(document.RootElement);
        }
        catch (ArgumentException error)
        {
            throw new JsonException(error.Message, error);
        }
    }

    public override void Write(Utf8JsonWriter writer, ScriptValue value, JsonSerializerOptions options)
    {
        if (value is null) writer.WriteNullValue();
        else JsonExport.Write(writer, value);
    }
}
