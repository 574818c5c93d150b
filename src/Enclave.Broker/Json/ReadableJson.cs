using System.Runtime.InteropServices;
using System.Text.Json;
using Enclave.Streaming;
using Enclave.Streaming.Json;

namespace Enclave.Broker.Json;

/// <summary>Reads untrusted JSON texts, including unpaired surrogates.</summary>
internal static class ReadableJson
{
    /// <summary>The text of a member; null if the member is missing or not a text, or if this is not an object.</summary>
    public static string? Text(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String
            ? text.Text()
            : null;

    /// <summary>A text with U+FFFD for each invalid character: .NET throws when it reads half a surrogate pair.</summary>
    public static string Text(this JsonElement text) => UnicodeText.Readable(text).GetString()!;

    /// <summary>Replaces invalid characters of texts and names by U+FFFD, so that .NET can read them. Valid JSON is returned as it is.</summary>
    public static ReadOnlyMemory<byte> Readable(ReadOnlyMemory<byte> json) => UnicodeText.IsReadable(json.Span) ? json : UnicodeText.Repair(json.Span);

    /// <summary>True if the names of an object's own members are valid, so that a member can be searched.</summary>
    public static bool HasReadableNames(this JsonElement json) =>
        json.ValueKind != JsonValueKind.Object
            || json.EnumerateObject().All(static (member) => UnicodeText.IsReadable(JsonMarshal.GetRawUtf8PropertyName(member)));

    /// <summary>True if all texts of a value are valid.</summary>
    public static bool IsReadable(this JsonElement json) => UnicodeText.IsReadable(JsonMarshal.GetRawUtf8Value(json));
}
