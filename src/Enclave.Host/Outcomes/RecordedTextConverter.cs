using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Protocol;

namespace Enclave.Outcomes;

/// <summary>Reads and writes texts by the rules of values.</summary>
internal sealed class RecordedTextConverter : JsonConverter<RecordedText>
{
    private readonly RecordedValueConverter _values = new();

    public override RecordedText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        ScriptValue value = _values.Read(ref reader, typeof(ScriptValue), options);
        return value.Kind == ScriptValueKind.String ? new RecordedText(value.AsString()) : throw new JsonException($"{value.Kind} in the place of a text");
    }

    public override void Write(Utf8JsonWriter writer, RecordedText value, JsonSerializerOptions options) =>
        _values.Write(writer, ScriptValue.From(value.Text), options);
}
