using System.Text.Json;

namespace Enclave.Broker.Stats;

/// <summary>A place where scripts run: this process, or a runtime.</summary>
/// <param name="Name">For people.</param>
/// <param name="Status"><c>ok</c>, <c>stopping</c>, <c>unreachable</c> or <c>unsupported</c>.</param>
/// <param name="Active">Sessions that run there.</param>
internal sealed record RuntimeStats(string Name, string Status, int Active)
{
    public const string Ok = "ok", Unsupported = "unsupported";

    /// <summary>Why it is not to be had; null when it is.</summary>
    public string? Message { get; init; }

    /// <summary>Of the program there; null where that is not known.</summary>
    public string? Version { get; init; }

    /// <summary>Sessions that it has of all brokers, as it says itself; null where that is not known.</summary>
    public int? Held { get; init; }

    /// <summary>Sessions that may run there; null where that is not known.</summary>
    public int? Max { get; init; }

    /// <summary>The version of the protocol that it speaks; null where that is not known.</summary>
    public int? Protocol { get; init; }

    /// <summary>The level it runs scripts at; null where that is not known.</summary>
    public string? Level { get; init; }

    /// <summary>Its workers; null where they are not known.</summary>
    public JsonElement? Pool { get; init; }

    /// <summary>What stands around them; null where that is not known.</summary>
    public JsonElement? Isolation { get; init; }

    public void WriteTo(Utf8JsonWriter writer)
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
