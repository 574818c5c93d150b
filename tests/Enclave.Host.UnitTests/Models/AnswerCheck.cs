using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Enclave.Models;
using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Host.Tests.Models;

/// <summary>Compares an answer's value with the value of the run: equal, or cut in a way that names the amount.</summary>
internal static partial class AnswerCheck
{
    /// <summary>True if all of the value is there, false if it is cut as it should be.</summary>
    /// <exception cref="Xunit.Sdk.XunitException">Something differs, or is missing without a note.</exception>
    public static bool IsWhole(ScriptValue value, JsonElement shown)
    {
        if (value.Kind == ScriptValueKind.Reference) value = JsonExport.Plain(value.AsReference());
        if (value.Kind == ScriptValueKind.String) return IsWhole(value.AsString(), Text(shown));
        if (shown.ValueKind == JsonValueKind.String && IsPlace(value, shown.GetString()!)) return false;
        switch (value.Kind)
        {
            case ScriptValueKind.Array: return IsWholeList(value, shown);
            case ScriptValueKind.Object: return IsWholeObject(value, shown);
            case ScriptValueKind.BigInt: return IsWhole(value.AsBigInteger().ToString(CultureInfo.InvariantCulture), Text(shown));
            default:
                string text = JsonExport.ToNode(value)?.ToString() ?? "null";
                // Dates and long numbers may be cut as texts.
                if (shown.ValueKind == JsonValueKind.String) return IsWhole(text, shown.GetString()!);
                Assert.Equal(text, shown.GetRawText());
                return true;
        }
    }

    /// <summary>True if all of a text is there, false if its end is left out and counted.</summary>
    public static bool IsWhole(string text, string shown)
    {
        string expected = CodeAnswer.WellFormed(text);
        if (shown == expected) return true;
        if (shown == "..." || shown == $"... ({text.Length} characters)") return false;
        Match note = TextNote().Match(shown);
        Assert.True(note.Success, $"no count in: {shown}");
        string kept = note.Groups[1].Value;
        // Half of a surrogate pair would be U+FFFD here, and not the beginning of the text.
        Assert.StartsWith(kept, expected, StringComparison.Ordinal);
        Assert.Equal(text.Length, kept.Length + Number(note.Groups[2]));
        return false;
    }

    private static bool IsPlace(ScriptValue value, string shown) => shown == "..." || value.Kind switch
    {
        ScriptValueKind.Array => shown == $"... ({value.Count} items)",
        ScriptValueKind.Object => shown == $"... ({Defined(value).Length} members)",
        ScriptValueKind.Bytes => shown == $"... ({value.AsBytes().Length} bytes)",
        _ => false,
    };

    private static bool IsWholeList(ScriptValue value, JsonElement shown)
    {
        Assert.Equal(JsonValueKind.Array, shown.ValueKind);
        JsonElement[] items = [.. shown.EnumerateArray()];
        if (items is [.., { ValueKind: JsonValueKind.String } last] && ItemsNote().Match(last.GetString()!) is { Success: true } note
            && Number(note.Groups[1]) == value.Count - items.Length + 1)
        {
            Assert.Equal(value.Count, Number(note.Groups[2]));
            for (int i = 0; i < items.Length - 1; i++) _ = IsWhole(value.Items[i], items[i]);
            return false;
        }

        Assert.Equal(value.Count, items.Length);
        bool isWhole = true;
        for (int i = 0; i < items.Length; i++) isWhole &= IsWhole(value.Items[i], items[i]);
        return isWhole;
    }

    private static bool IsWholeObject(ScriptValue value, JsonElement shown)
    {
        Assert.Equal(JsonValueKind.Object, shown.ValueKind);
        if (ContentShape.Is(value) && shown.TryGetProperty("bytes", out JsonElement bytes))
        {
            Assert.Equal(value["data"].AsBytes().Length, bytes.GetInt32());
            Assert.NotEqual(shown.TryGetProperty("file", out _), shown.TryGetProperty("leftOut", out _));
            return true;
        }

        (string Name, ScriptValue Value)[] all = Defined(value);
        JsonProperty[] members = [.. shown.EnumerateObject()];
        bool isWhole = true;
        for (int i = 0; i < members.Length; i++)
        {
            (string Name, ScriptValue Value)[] same = [.. all.Where((one) => one.Name == members[i].Name)];
            if (same.Length == 0)
            {
                Assert.True(i == members.Length - 1 && members[i].Name.Trim('.').Length == 0, $"a member that is not the script's: {members[i].Name}");
                Assert.Equal($"{all.Length - members.Length + 1} of {all.Length} members", members[i].Value.GetString());
                return false;
            }

            isWhole &= IsWhole(same[0].Value, members[i].Value);
        }

        Assert.Equal(all.Length, members.Length);
        return isWhole;
    }

    private static (string Name, ScriptValue Value)[] Defined(ScriptValue value) =>
        [.. value.Properties.Where((one) => one.Value.Kind != ScriptValueKind.Undefined).Select((one) => (CodeAnswer.WellFormed(one.Key), one.Value))];

    private static string Text(JsonElement shown)
    {
        Assert.Equal(JsonValueKind.String, shown.ValueKind);
        return shown.GetString()!;
    }

    private static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(.*)\.\.\. \((\d+) more characters\)$", RegexOptions.Singleline)]
    private static partial Regex TextNote();

    [GeneratedRegex(@"^\.\.\. (\d+) of (\d+) items$")]
    private static partial Regex ItemsNote();
}
