using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Outcomes;
using Enclave.Protocol.Values;

namespace Enclave;

/// <summary>
/// Reads and writes an <see cref="ExecutionResult"/> with <c>System.Text.Json</c> in the form of <see cref="ExecutionResult.WriteTo"/>, for any options of the
/// serializer. A recording is not part of it.
/// </summary>
public sealed class ExecutionResultJsonConverter : JsonConverter<ExecutionResult>
{
    /// <inheritdoc/>
    public override ExecutionResult Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ResultReader.Read(ref reader, ResultReader.Result);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ExecutionResult value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(options);
        RawJson.Write(writer, options, value.WriteTo);
    }
}
