using System.Text.Json;
using Enclave.Streaming;

namespace Enclave.Broker.Executors.Transports;

/// <summary>Reads events of runtimes from any transport.</summary>
internal static class RuntimeEvents
{
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 512 };

    /// <summary>Reads a message as an event; null if it is not an event.</summary>
    public static SessionEvent? Read(ReadOnlyMemory<byte> message)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(message, s_deep);
            return EventReader.TryRead(document.RootElement, EventTolerance.Peers, out SessionEvent? read, out _) ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
