using System.Text.Json;
using Enclave.Streaming.Events;

namespace Enclave.Streaming;

/// <summary>Why a script failed.</summary>
/// <param name="Message">The message.</param>
/// <param name="Code">A code of docs/errors or of a broker; null for none.</param>
/// <param name="Stack">The stack in the script; null if unknown.</param>
public sealed record ErrorInfo(string Message, string? Code = null, string? Stack = null)
{
    /// <summary>Writes the error as an object of the wire.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("error"u8);
        EventWriter.WriteOptional(writer, "code"u8, Code);
        writer.WriteString("message"u8, Message);
        EventWriter.WriteOptional(writer, "stack"u8, Stack);
        writer.WriteEndObject();
    }
}
