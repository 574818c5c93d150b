using System.Text;
using System.Text.Json;

namespace Enclave.Streaming;

/// <summary>Sends typed messages and events.</summary>
public static class RuntimeChannelExtensions
{
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = int.MaxValue };

    /// <summary>Sends a message.</summary>
    /// <inheritdoc cref="IRuntimeChannel.Send" path="/exception"/>
    public static void Send(this IRuntimeChannel channel, ChannelMessage message)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(message);
        channel.Send(Parse(message.ToJsonString()));
    }

    /// <summary>Sends an event.</summary>
    /// <inheritdoc cref="IRuntimeChannel.Send" path="/exception"/>
    public static void Send(this IRuntimeChannel channel, SessionEvent sent)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(sent);
        channel.Send(Parse(sent.ToJsonString()));
    }

    // Not disposed: the element uses its buffer.
    private static JsonElement Parse(string json) => JsonDocument.Parse(Encoding.UTF8.GetBytes(json), s_deep).RootElement;
}
