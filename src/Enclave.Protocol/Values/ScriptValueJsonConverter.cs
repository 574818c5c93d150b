using System.Text.Json;
using System.Text.Json.Serialization;

namespace Enclave.Protocol.Values;

/// <summary>
/// Lets <c>System.Text.Json</c> read and write members of type <see cref="ScriptValue"/>, also in
/// source-generated contexts, in the form of <see cref="ScriptValue.WriteTo"/>.
/// </summary>
public sealed class ScriptValueJsonConverter : JsonConverter<ScriptValue>
{
    /// <inheritdoc/>
    public override bool HandleNull => true;

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ScriptValue value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(options);
        if (value is null) writer.WriteNullValue();
        else RawJson.Write(writer, options, (inner) => JsonExport.Write(inner, value));
    }
}
