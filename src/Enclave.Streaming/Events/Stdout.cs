using System.Text.Json;

namespace Enclave.Streaming;

/// <summary>The script wrote to its console.</summary>
/// <param name="Chunk">The text, with its line end.</param>
public sealed record Stdout(string Chunk) : EventPayload
{
    /// <inheritdoc/>
    public override string Type => "stdout";

    internal override void WriteMembers(Utf8JsonWriter writer) => writer.WriteString("chunk"u8, Chunk);
}
