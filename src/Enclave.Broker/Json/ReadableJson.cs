using System.Runtime.InteropServices;
using System.Text.Json;
using Enclave.Streaming;
using Enclave.Streaming.Json;

namespace Enclave.Broker.Json;

/// <summary>Reads JSON texts of untrusted origin, unpaired surrogates included.</summary>
internal static class ReadableJson
{
    /// <summary>A member's text; null where there is no such member, it is no text, or this is no object.</summary>
    public static string? Text(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.Text() : null;

    /// <summary>A text, with U+FFFD for what is no character: .NET throws where it reads half a surrogate pair.</summary>
    public static string Text(this JsonElement text) => UnicodeText.Readable(text).GetString()!;

    /// <summary>JSON whose texts and names .NET can read: the same, or with U+FFFD for what is no character.</summary>
    public static ReadOnlyMemory<byte> Readable(ReadOnlyMemory<byte> json) => UnicodeText.IsReadable(json.Span) ? json : UnicodeText.Mend(json.Span);

    /// <summary>Whether the names of an object's own members can be read, so that one can be looked for.</summary>
    public static bool HasReadableNames(this JsonElement json) =>
        json.ValueKind != JsonValueKind.Object || json.EnumerateObject().All(static (member) => UnicodeText.IsReadable(JsonMarshal.GetRawUtf8PropertyName(member)));

    /// <summary>Whether a value has only texts that can be read.</summary>
    public static bool IsReadable(this JsonElement json) => UnicodeText.IsReadable(JsonMarshal.GetRawUtf8Value(json));
}
