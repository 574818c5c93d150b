using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Protocol.Values;

namespace Enclave;

/// <summary>
/// Writes an <see cref="ExecutionEvent"/> of any kind with <c>System.Text.Json</c> in the form of <see cref="ExecutionEvent.WriteTo"/>, for any options of the
/// serializer. Events are not read back: their readers are other programs, and kinds may be added.
/// </summary>
public sealed class ExecutionEventJsonConverter : JsonConverterFactory
{
    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) => typeof(ExecutionEvent).IsAssignableFrom(typeToConvert);

    /// <inheritdoc/>
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        new Writer(typeToConvert.Name);

    private sealed class Writer(string name) : JsonConverter<ExecutionEvent>
    {
        public override bool CanConvert(Type typeToConvert) => typeof(ExecutionEvent).IsAssignableFrom(typeToConvert);

        public override ExecutionEvent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException(
                $"{name} is written as JSON, not read: read the line as a JsonElement and branch on its \"type\" (docs/streaming.md).");

        public override void Write(Utf8JsonWriter writer, ExecutionEvent value, JsonSerializerOptions options) => RawJson.Write(writer, options, value.WriteTo);
    }
}
