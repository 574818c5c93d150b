using System.Text.Json;

namespace Enclave.Streaming.Channels;

/// <summary>Messages as JSON: <c>type</c> first, what has no value is left out.</summary>
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
