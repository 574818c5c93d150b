using System.Globalization;
using System.Text;
using Enclave.Protocol;

namespace Enclave.Mcp.Servers;

/// <summary>A call's arguments as a person sees them before approving it.</summary>
/// <remarks>
/// The script chooses the order and the length of its members. Each is cut on its own, so a long text does not push the address behind it out of sight.
/// </remarks>
internal static class ShownArguments
{
    private const int MaxCharacters = 4_000, LeastForValue = 56, MarkCharacters = 38;

    /// <summary>The arguments as JSON, with marks where characters are missing; null if not even all names fit.</summary>
    public static string? Of(ScriptValue arguments) => Shown(arguments, MaxCharacters);

    private static string? Shown(ScriptValue value, int room)
    {
        string json = value.ToJsonString();
        // Escapes only make a text longer.
        if (json.Length <= room && Escaped(json) is var whole && whole.Length <= room) return whole;
        return value.Kind switch
        {
            ScriptValueKind.Object => Members(value, room),
            ScriptValueKind.Array => Items(value, room) ?? Cut(json, room),
            _ => Cut(json, room),
        };
    }

    private static string? Members(ScriptValue value, int room)
    {
        // Each name takes at least four characters: quotes, a colon and a comma.
        if (value.Properties.Length > room / 4) return null;
        string[] names = [.. value.Properties.Select((member) => $"{Escaped(ScriptValue.From(member.Key).ToJsonString())}:")];
        ScriptValue[] values = [.. value.Properties.Select((member) => member.Value)];
        return Parts(names, values, room - 2 - names.Sum((name) => name.Length + 1)) is { } shown ? $"{{{string.Join(',', shown)}}}" : null;
    }

    private static string? Items(ScriptValue value, int room)
    {
        if (value.Items.Length > room / 2) return null;
        string[] names = [.. value.Items.Select((_) => "")];
        return Parts(names, [.. value.Items], room - 2 - names.Length) is { } shown ? $"[{string.Join(',', shown)}]" : null;
    }

    /// <summary>The values behind their names. Short ones are whole, and the long ones share what is left.</summary>
    private static string[]? Parts(string[] names, ScriptValue[] values, int room)
    {
        var shown = new string[values.Length];
        int[] lengths = [.. values.Select((value) => value.ToJsonString() is { Length: <= MaxCharacters } json ? Escaped(json).Length : int.MaxValue)];
        int left = values.Length;
        foreach (int i in Enumerable.Range(0, values.Length).OrderBy((i) => lengths[i]))
        {
            int share = room / left--;
            if (lengths[i] > share && share < LeastForValue) return null;
            if (Shown(values[i], share) is not { } text) return null;
            shown[i] = names[i] + text;
            room -= text.Length;
        }

        return shown;
    }

    /// <summary>The beginning of a value, and how much of it is missing.</summary>
    private static string Cut(string json, int room)
    {
        var text = new StringBuilder();
        int taken = 0;
        while (taken < json.Length)
        {
            int length = char.IsSurrogatePair(json, taken) ? 2 : 1;
            string next = Escaped(json.Substring(taken, length));
            if (text.Length + next.Length > room - MarkCharacters) break;
            text.Append(next);
            taken += length;
        }

        return text.Append(CultureInfo.InvariantCulture, $"… ({json.Length - taken} characters are missing)").ToString();
    }

    /// <summary>The text with escapes for characters that a person does not see, or that reorder what a person sees.</summary>
    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            int length = char.IsSurrogatePair(text, i) ? 2 : 1;
            if (IsShown(CharUnicodeInfo.GetUnicodeCategory(text, i))) escaped.Append(text, i, length);
            else foreach (char unit in text.AsSpan(i, length)) escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            i += length - 1;
        }

        return escaped.ToString();
    }

    private static bool IsShown(UnicodeCategory category) => category is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
        or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
