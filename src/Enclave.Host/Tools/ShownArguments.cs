using System.Globalization;
using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Tools;

/// <summary>A call's arguments as a person sees them before approving it: the JSON that tools get, with escapes for all invisible characters.</summary>
/// <remarks>
/// The script chooses the order and the length of its members. Each is cut on its own, so a long text does not push the address behind it out of sight. A mark
/// stands where something is missing, outside of quotes, where no text of the script can stand. The cost does not grow with the arguments.
/// </remarks>
internal static class ShownArguments
{
    private const int MaxCharacters = 4_000, LeastForValue = 56, MarkCharacters = 38;

    /// <summary>The arguments as JSON, with marks where something is missing; null if not even all names fit.</summary>
    public static string? Of(ScriptValue arguments) => Shown(arguments, MaxCharacters);

    private static string? Shown(ScriptValue value, int room)
    {
        if (Whole(value, room) is { } whole) return whole;
        return value.Kind switch
        {
            ScriptValueKind.Object => Members(value, room),
            ScriptValueKind.Array => Items(value, room) ?? FirstItems(value, room),
            ScriptValueKind.String => FirstCharacters(value.AsString(), room),
            ScriptValueKind.Bytes => FirstBytes(value.AsBytes().Span, room),
            ScriptValueKind.Reference => Shown(JsonExport.Plain(value.AsReference()), room),
            _ => string.Create(CultureInfo.InvariantCulture, $"… (a number of {value.AsBigInteger().GetBitLength()} bits is missing)"),
        };
    }

    private static string? Whole(ScriptValue value, int room)
    {
        var json = new ShownJson(room);
        return json.TryWrite(value) ? json.Text : null;
    }

    private static string? Members(ScriptValue value, int room)
    {
        // Each name takes at least four characters: quotes, a colon and a comma. Members that are left out take time too.
        if (value.Properties.Length > room / 4) return null;
        var names = new List<string>();
        var values = new List<ScriptValue>();
        foreach ((string key, ScriptValue member) in value.Properties)
        {
            if (member.Kind == ScriptValueKind.Undefined) continue;
            var name = new ShownJson(room);
            if (!name.TryWrite(key)) return null;
            names.Add($"{name.Text}:");
            values.Add(member);
        }

        return Parts(names, values, room - 2 - names.Sum((name) => name.Length + 1)) is { } shown ? $"{{{string.Join(',', shown)}}}" : null;
    }

    private static string? Items(ScriptValue value, int room)
    {
        if (value.Items.Length > room / 2) return null;
        string[] names = [.. value.Items.Select((_) => "")];
        return Parts(names, value.Items, room - 2 - names.Length) is { } shown ? $"[{string.Join(',', shown)}]" : null;
    }

    /// <summary>The values with their names. Short values are whole, and long ones share the remaining room.</summary>
    private static string[]? Parts(IReadOnlyList<string> names, IReadOnlyList<ScriptValue> values, int room)
    {
        if (room < 0) return null;
        string?[] whole = [.. values.Select((value) => Whole(value, LeastForValue))];
        // There is no room for this many long values, so they are not measured.
        if (whole.Count((text) => text is null) > room / LeastForValue) return null;
        for (int i = 0; i < whole.Length; i++) whole[i] ??= Whole(values[i], room);
        var shown = new string[values.Count];
        int left = values.Count;
        foreach (int i in Enumerable.Range(0, values.Count).OrderBy((i) => whole[i]?.Length ?? int.MaxValue))
        {
            int share = room / left--;
            if (!(whole[i]?.Length <= share) && share < LeastForValue) return null;
            if ((whole[i]?.Length <= share ? whole[i] : Shown(values[i], share)) is not { } text) return null;
            shown[i] = names[i] + text;
            room -= text.Length;
        }

        return shown;
    }

    private static string FirstItems(ScriptValue value, int room)
    {
        var json = new ShownJson(room - MarkCharacters - 1);
        int taken = json.WriteFirst(value.Items);
        return string.Create(CultureInfo.InvariantCulture, $"[{json.Text}{(taken > 0 ? "," : "")}… ({value.Items.Length - taken} items are missing)]");
    }

    private static string FirstCharacters(string text, int room)
    {
        var json = new ShownJson(room - MarkCharacters);
        int taken = json.WriteFirst(text);
        return string.Create(CultureInfo.InvariantCulture, $"{json.Text}… ({text.Length - taken} characters are missing)");
    }

    private static string FirstBytes(ReadOnlySpan<byte> bytes, int room)
    {
        // Whole groups of three bytes, which are four characters.
        int taken = (room - MarkCharacters - 2) / 4 * 3;
        return string.Create(CultureInfo.InvariantCulture, $"\"{Convert.ToBase64String(bytes[..taken])}\"… ({bytes.Length - taken} bytes are missing)");
    }
}
