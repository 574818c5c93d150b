using System.Text.Json;

namespace Enclave.Broker.Sessions;

/// <summary>One event as every reader gets it.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Type">Its kind, for filters that ask for no more.</param>
/// <param name="Plain">The line as it is, with its end.</param>
/// <param name="Sent">The line as it is sent: encrypted where the session is.</param>
internal sealed record LoggedEvent(long Seq, string Type, ReadOnlyMemory<byte> Plain, ReadOnlyMemory<byte> Sent)
{
    public int Bytes => Sent.Equals(Plain) ? Sent.Length : Plain.Length + Sent.Length;

    /// <summary>The event for a filter that looks into it.</summary>
    public JsonDocument Parse() => JsonDocument.Parse(Plain);
}
