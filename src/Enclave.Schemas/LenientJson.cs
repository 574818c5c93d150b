using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Enclave.Schemas;

/// <summary>Reads JSON of unknown form: members of another type than expected count as missing.</summary>
internal static class LenientJson
{
    internal static JsonElement Member(this JsonElement place, string name) =>
        place.ValueKind == JsonValueKind.Object && place.TryGetProperty(name, out JsonElement member) ? member : default;

    internal static IEnumerable<JsonProperty> Members(this JsonElement place) => place.ValueKind == JsonValueKind.Object ? place.EnumerateObject() : [];

    internal static IEnumerable<JsonElement> Items(this JsonElement place) => place.ValueKind == JsonValueKind.Array ? place.EnumerateArray() : [];

    internal static string? Text(this JsonElement place, string name) =>
        place.Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    internal static bool Is(this JsonElement place, string name) => place.Member(name).ValueKind == JsonValueKind.True;

    /// <summary>The texts of an array.</summary>
    public static IEnumerable<string> Texts(this JsonElement place, string name) =>
        place.Member(name).Items().Where((item) => item.ValueKind == JsonValueKind.String).Select((item) => item.GetString()!);

    /// <summary>Text of the document for people and models: on one line, without invisible characters, and with a maximum length.</summary>
    public static string? OneLine(string? text, int most)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        // Text beyond four times the shown length is not examined.
        string start = text.Length > 4 * most ? text[..(4 * most)] : text;
        string line = string.Join(' ', start.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        line = string.Concat(line.EnumerateRunes().Where(IsShown).Select((rune) => rune.ToString())).Trim();
        if (line.Length <= most) return line.Length == 0 ? null : line;
        int cut = char.IsHighSurrogate(line[most - 1]) ? most - 1 : most;
        return string.Concat(line.AsSpan(0, cut), "…");
    }

    /// <summary>Controls, and characters that reorder or hide text.</summary>
    private static bool IsShown(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
