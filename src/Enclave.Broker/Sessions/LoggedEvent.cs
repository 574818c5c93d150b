using System.Text.Json;
using Enclave.Broker.Filters;
using Enclave.Streaming;

namespace Enclave.Broker.Sessions;

/// <summary>One event as every reader gets it.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Type">Its type, for filters that read only the type.</param>
/// <param name="Plain">The unencrypted line, with its line end.</param>
/// <param name="Sent">The line as it is sent: encrypted if the session is.</param>
internal sealed record LoggedEvent(long Seq, string Type, ReadOnlyMemory<byte> Plain, ReadOnlyMemory<byte> Sent)
{
    // A result may be nested deeper than the reader's default of 64 levels.
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 512 };

    internal int Bytes => Sent.Equals(Plain) ? Sent.Length : Plain.Length + Sent.Length;

    /// <summary>True if a reader with this filter gets the event.</summary>
    public bool Passes(EventFilter filter)
    {
        // An event encrypted for the client has no readable content here; only the broker that ran it has.
        if (Plain.IsEmpty) return true;
        if (!filter.ReadsContents) return filter.Passes(Type);
        using JsonDocument parsed = JsonDocument.Parse(Plain, s_deep);
        return filter.Passes(parsed.RootElement);
    }
}
