using System.Text.Json;

namespace Enclave.Broker.Stats;

/// <summary>The state of a place where scripts run: this process or a runtime.</summary>
/// <param name="Name">The name to show to people.</param>
/// <param name="Status"><c>ok</c>, <c>stopping</c>, <c>unreachable</c> or <c>unsupported</c>.</param>
/// <param name="Active">Number of sessions of this broker that run there.</param>
internal sealed record RuntimeStats(string Name, string Status, int Active)
{
    internal const string Ok = "ok", Unsupported = "unsupported";

    /// <summary>Why it is unavailable; null if it is available.</summary>
    public string? Message { get; init; }

    /// <summary>The version of its program; null if unknown.</summary>
    public string? Version { get; init; }

    /// <summary>Its sessions of all brokers, as it reports; null if unknown.</summary>
    public int? Held { get; init; }

    /// <summary>Its maximum number of sessions; null if unknown.</summary>
    public int? Max { get; init; }

    /// <summary>The protocol version that it speaks; null if unknown.</summary>
    public int? Protocol { get; init; }

    /// <summary>The security level of its scripts; null if unknown.</summary>
    public string? Level { get; init; }

    /// <summary>Its workers; null if unknown.</summary>
    public JsonElement? Pool { get; init; }

    /// <summary>The isolation of its workers; null if unknown.</summary>
    public JsonElement? Isolation { get; init; }

    internal void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, Name);
        writer.WriteString("status"u8, Status);
        if (Message is not null) writer.WriteString("message"u8, Message);
        if (Level is not null) writer.WriteString("level"u8, Level);
        if (Protocol is { } protocol) writer.WriteNumber("protocol"u8, protocol);
        writer.WriteStartObject("sessions"u8);
        writer.WriteNumber("active"u8, Active);
        if (Max is { } max) writer.WriteNumber("max"u8, max);
        writer.WriteEndObject();
        Write("pool", Pool);
        Write("isolation", Isolation);
        writer.WriteEndObject();

        void Write(string name, JsonElement? value)
        {
            writer.WritePropertyName(name);
            if (value is { } known) known.WriteTo(writer);
            else writer.WriteNullValue();
        }
    }
}
