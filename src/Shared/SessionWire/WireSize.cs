using System.Runtime.InteropServices;
using System.Text.Json;
using Enclave.Streaming;

namespace Enclave.SessionWire;

/// <summary>
/// The size of events as lines. A control character of one byte takes six there, so that a value within every limit of the host may be too large for a line.
/// </summary>
internal static class WireSize
{
    /// <summary>Bytes of a line for everything but what the script chose the length of.</summary>
    private const int Envelope = 2048, BytesPerCharacter = 6;

    /// <summary>Whether a result fits into a line of so many bytes.</summary>
    public static bool Fits(Final final, long maxBytes) => final.Result is not { } result || Of(result) + Envelope <= maxBytes;

    /// <summary>Whether the arguments of a call do.</summary>
    public static bool Fits(ToolCall call, long maxBytes) => Of(call.Args) + ((long)call.ToolName.Length * BytesPerCharacter) + Envelope <= maxBytes;

    /// <summary>Whether a part of a result does.</summary>
    public static bool Fits(PartialResult part, long maxBytes) => (part.Data is { } data ? Of(data) : 0) + part.Path.Sum(static (step) => (long)step.Length * BytesPerCharacter) + Envelope <= maxBytes;

    /// <summary>Whether the answer of a call does, which has its value twice.</summary>
    public static bool Fits(ChannelToolResult answer, long maxBytes) => answer.Value is not { } value || (Of(value) * 2) + Envelope <= maxBytes;

    /// <summary>How a session ends whose result does not fit.</summary>
    public static Final TooLarge(Final final, long maxBytes) => final with
    {
        Ok = false,
        Result = null,
        Error = new ErrorInfo(TooLargeText($"its result takes {Of(final.Result!.Value)} bytes as JSON", maxBytes), ErrorCode.OutputLimit.ToCode()),
    };

    /// <summary>The error for an event that does not fit.</summary>
    public static string TooLargeText(string what, long maxBytes) => $"{what}, and one event of a session may take {maxBytes} bytes: give less, or in parts";

    /// <summary>A text of the console in pieces that fit, whatever is in them. No pair of surrogates is cut.</summary>
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
