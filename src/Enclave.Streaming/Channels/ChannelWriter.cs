using System.Text.Json;

namespace Enclave.Streaming.Channels;

/// <summary>Writes messages as JSON, <c>type</c> first. Members without a value are left out.</summary>
internal static class ChannelWriter
{
    public static void Write(Utf8JsonWriter writer, ChannelMessage message)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, message.Type);
        message.WriteMembers(writer);
        writer.WriteEndObject();
    }
}
