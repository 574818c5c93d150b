using System.Text.Json;
using Enclave.Streaming.Events;

namespace Enclave.Streaming;

/// <summary>A failure after which the session continues until its <see cref="Final"/>.</summary>
public sealed record SessionError : EventPayload
{
    /// <inheritdoc/>
    public override string Type => "error";

    /// <summary>The message.</summary>
    public required string Message { get; init; }

    /// <summary>Its code; null for none.</summary>
    public string? Code { get; init; }

    /// <summary>True if the session can still succeed; null if not sent.</summary>
    public bool? Recoverable { get; init; }

    internal override void WriteMembers(Utf8JsonWriter writer)
    {
        EventWriter.WriteOptional(writer, "code"u8, Code);
        writer.WriteString("message"u8, Message);
        if (Recoverable is { } recoverable) writer.WriteBoolean("recoverable"u8, recoverable);
    }
}
