using System.Text.Json;
using Enclave.Streaming;

namespace Enclave.RabbitMq.Runtimes;

/// <summary>Reads messages of a broker, as over WebSocket.</summary>
internal static class RunReader
{
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = EventReader.MaxDepth };

    /// <summary>The message; null if it is invalid.</summary>
    public static ChannelMessage? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(body, s_deep);
            return ChannelReader.TryRead(parsed.RootElement, out ChannelMessage? message) ? message : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
