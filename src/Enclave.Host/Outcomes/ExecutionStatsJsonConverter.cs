using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Outcomes;

namespace Enclave;

/// <summary>
/// Reads and writes <see cref="ExecutionStats"/> with <c>System.Text.Json</c>, in the form that they have in a result, with times in milliseconds.
/// </summary>
public sealed class ExecutionStatsJsonConverter : JsonConverter<ExecutionStats>
{
    /// <inheritdoc/>
    public override ExecutionStats Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ResultReader.Read(ref reader, ResultReader.Stats);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ExecutionStats value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        ExecutionResult.Write(writer, value);
    }
}
