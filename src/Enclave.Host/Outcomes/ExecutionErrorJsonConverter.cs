using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Outcomes;
using Enclave.Protocol.Values;

namespace Enclave;

/// <summary>Reads and writes an <see cref="ExecutionError"/> with <c>System.Text.Json</c>, in the form that it has in a result.</summary>
public sealed class ExecutionErrorJsonConverter : JsonConverter<ExecutionError>
{
    /// <inheritdoc/>
    public override ExecutionError Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ResultReader.Read(ref reader, ResultReader.Error);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ExecutionError value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(options);
        RawJson.Write(writer, options, (inner) => ExecutionResult.Write(inner, value));
    }
}
