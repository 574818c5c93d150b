using System.Runtime.InteropServices;
using System.Text.Json;
using Enclave.Streaming;

namespace Enclave.SessionWire;

/// <summary>
/// The size of events as lines. A control character of one byte takes six there, so a value within every limit of the host may be too large for a line.
/// </summary>
internal static class WireSize
{
    /// <summary>Bytes of a line besides the parts whose length the script chooses.</summary>
    private const int Envelope = 2048, BytesPerCharacter = 6;

    /// <summary>True if a result fits into a line of this size.</summary>
    public static bool Fits(Final final, long maxBytes) => final.Result is not { } result || Of(result) + Envelope <= maxBytes;

    /// <summary>True if the arguments of a call fit.</summary>
    public static bool Fits(ToolCall call, long maxBytes) => Of(call.Args) + ((long)call.ToolName.Length * BytesPerCharacter) + Envelope <= maxBytes;

    /// <summary>True if a part of a result fits.</summary>
    public static bool Fits(PartialResult part, long maxBytes) =>
        (part.Data is { } data ? Of(data) : 0) + part.Path.Sum(static (step) => (long)step.Length * BytesPerCharacter) + Envelope <= maxBytes;

    /// <summary>True if the answer of a call fits. The answer contains its value twice.</summary>
    public static bool Fits(ChannelToolResult answer, long maxBytes) => answer.Value is not { } value || (Of(value) * 2) + Envelope <= maxBytes;

    /// <summary>The last event of a session whose result does not fit.</summary>
    public static Final TooLarge(Final final, long maxBytes) => final with
    {
        Ok = false,
        Result = null,
        Error = new ErrorInfo(TooLargeText($"its result takes {Of(final.Result!.Value)} bytes as JSON", maxBytes), ErrorCode.OutputLimit.ToCode()),
    };

    /// <summary>The error for an event that does not fit.</summary>
    public static string TooLargeText(string what, long maxBytes) => $"{what}; the limit of one event is {maxBytes} bytes: return less, or in parts";

    /// <summary>Splits a console text into pieces that fit, whatever characters it has. Surrogate pairs stay together.</summary>
    public static IEnumerable<string> Pieces(string text, long maxBytes)
    {
        int most = (int)Math.Clamp((maxBytes - Envelope) / BytesPerCharacter, 2, int.MaxValue);
        for (int at = 0; at < text.Length;)
        {
            int length = Math.Min(most, text.Length - at);
            if (at + length < text.Length && char.IsHighSurrogate(text[at + length - 1])) length--;
            yield return text.Substring(at, length);
            at += length;
        }
    }

    private static long Of(JsonElement json) => json.ValueKind == JsonValueKind.Undefined ? 0 : JsonMarshal.GetRawUtf8Value(json).Length;
}
