using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Enclave.Streaming;
using Enclave.Streaming.Events;

namespace Enclave.Runtime;

/// <summary>The result of <see cref="RuntimeWorker.ExecuteSync"/>.</summary>
public sealed record RuntimeResult
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>True if the script ran to its end.</summary>
    public required bool Success { get; init; }

    /// <summary>The returned value; null if the script returned nothing or failed.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>Why it failed; null if it succeeded.</summary>
    public ErrorInfo? Error { get; init; }

    /// <summary>Details of <see cref="Error"/>, such as the code of the failed tool; null for none.</summary>
    public IReadOnlyList<ErrorPayload>? Errors { get; init; }

    /// <summary>The script's console output.</summary>
    public required string Stdout { get; init; }

    /// <summary>Statistics of the run.</summary>
    public required FinalStats Stats { get; init; }

    /// <summary>
    /// The result as one JSON object: <c>success</c>, <c>value</c> or <c>error</c>, <c>errors</c>,
    /// <c>stdout</c>, <c>stats</c>. Members without a value are left out.
    /// </summary>
    public string ToJsonString()
    {
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, s_options))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("success"u8, Success);
            EventWriter.WriteOptional(writer, "value"u8, Value);
            Error?.WriteTo(writer);
            if (Errors is { Count: > 0 })
            {
                writer.WriteStartArray("errors"u8);
                foreach (ErrorPayload error in Errors) error.Write(writer);
                writer.WriteEndArray();
            }

            writer.WriteString("stdout"u8, Stdout);
            writer.WriteStartObject("stats"u8);
            writer.WriteNumber("durationMs"u8, Stats.DurationMs);
            writer.WriteNumber("toolCallCount"u8, Stats.ToolCallCount);
            writer.WriteNumber("stdoutBytes"u8, Stats.StdoutBytes);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length);
    }

    internal static RuntimeResult Of(Final final, string stdout) => new()
    {
        Success = final.Ok,
        Value = final.Result,
        Error = final.Error,
        Errors = final.Errors,
        Stdout = stdout,
        Stats = final.Stats ?? new FinalStats(0, 0, 0),
    };
}
