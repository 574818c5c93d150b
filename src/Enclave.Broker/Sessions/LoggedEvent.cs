using System.Text.Json;
using Enclave.Streaming;

namespace Enclave.Broker.Sessions;

/// <summary>One event as every reader gets it.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Type">Its kind, for filters that ask for no more.</param>
/// <param name="Plain">The line as it is, with its end.</param>
/// <param name="Sent">The line as it is sent: encrypted where the session is.</param>
internal sealed record LoggedEvent(long Seq, string Type, ReadOnlyMemory<byte> Plain, ReadOnlyMemory<byte> Sent)
{
    // A result may be nested deeper than the 64 levels that the reader takes unasked.
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 512 };

    public int Bytes => Sent.Equals(Plain) ? Sent.Length : Plain.Length + Sent.Length;

    /// <summary>Whether a reader with this filter gets it.</summary>
    public bool Passes(EventFilter filter)
    {
        // An event that is sealed for the client has no text for a rule to look into; only the broker that ran it knows the event.
        if (Plain.IsEmpty) return true;
        if (!filter.LooksInside) return filter.Passes(Type);
        using JsonDocument parsed = JsonDocument.Parse(Plain, s_deep);
        return filter.Passes(parsed.RootElement);
    }
}
