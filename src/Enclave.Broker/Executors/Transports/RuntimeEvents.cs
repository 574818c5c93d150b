using System.Text.Json;
using Enclave.Streaming;

namespace Enclave.Broker.Executors.Transports;

/// <summary>Events of a runtime, whatever carries them.</summary>
internal static class RuntimeEvents
{
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 512 };

    /// <summary>The event that a message is; null when it is none.</summary>
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
