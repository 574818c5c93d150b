using System.Text.Json;
using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>
/// Reads and writes an <see cref="ErrorCode"/> with <c>System.Text.Json</c> by its documented name, for example <c>MEMORY_LIMIT_EXCEEDED</c>.
/// </summary>
public sealed class ErrorCodeJsonConverter : JsonConverter<ErrorCode>
{
    /// <inheritdoc/>
    public override ErrorCode Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Named(reader.TokenType == JsonTokenType.String ? reader.GetString() : null);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ErrorCode value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.ToCode());
    }

    /// <inheritdoc/>
    public override ErrorCode ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Named(reader.GetString());

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, ErrorCode value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WritePropertyName(value.ToCode());
    }

    private static ErrorCode Named(string? text) =>
        ErrorCodes.TryParse(text, out ErrorCode code) ? code : throw new JsonException($"'{text}' is not an error code.");
}
