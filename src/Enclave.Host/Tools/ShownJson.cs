using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Enclave.Protocol;
using Enclave.Protocol.Values;
using Enclave.Reports;

namespace Enclave.Tools;

/// <summary>Writes values as the JSON of <see cref="ArgumentJson"/>, readable, until its room is used up.</summary>
/// <remarks>It looks at no more of a value than it writes.</remarks>
/// <param name="room">The most characters that it writes.</param>
internal sealed class ShownJson(int room)
{
    // A decimal digit has more than three bits.
    private const int LeastBitsPerDigit = 3;

    /// <summary>The most combining marks on one letter. More of them would cover the text beside it.</summary>
    private const int MostMarks = 2;

    // Letters, marks and symbols that have no shape: fillers, variation selectors, the braille blank.
    private static readonly (int First, int Last)[] s_withoutShape =
    [
        (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2800, 0x2800), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0),
        (0x16FE4, 0x16FE4), (0x1D159, 0x1D159), (0xE0000, 0xE0FFF),
    ];

    private readonly StringBuilder _text = new();

    /// <summary>The JSON so far.</summary>
    public string Text => _text.ToString();

    /// <summary>Writes a value. False if there was no room for all of it.</summary>
    public bool TryWrite(ScriptValue value)
    {
        switch (value.Kind)
        {
            case ScriptValueKind.Undefined or ScriptValueKind.Null: return TryAppend("null");
            // JSON has no form for these, but a tool may take the values themselves.
            case ScriptValueKind.Number when !double.IsFinite(value.AsDouble()): return TryAppend(value.AsDouble().ToString(CultureInfo.InvariantCulture));
            case ScriptValueKind.BigInt:
                // Making the digits of a long number takes long.
                return value.AsBigInteger().GetBitLength() <= (LeastBitsPerDigit + 1L) * room
                    && TryAppend(value.AsBigInteger().ToString(CultureInfo.InvariantCulture));
            case ScriptValueKind.String: return TryWrite(value.AsString());
            case ScriptValueKind.Bytes: return value.AsBytes().Length <= room && TryAppend(value.ToJsonString());
            case ScriptValueKind.Array: return TryAppend("[") && WriteFirst(value.Items) == value.Items.Length && TryAppend("]");
            case ScriptValueKind.Object: return TryWriteObject(value);
            case ScriptValueKind.Reference: return TryWrite(JsonExport.Plain(value.AsReference()));
            default: return TryAppend(value.ToJsonString());
        }
    }

    /// <summary>Writes a text in quotes. False if it has no room.</summary>
    public bool TryWrite(string text)
    {
        // Escapes only make a text longer.
        if (text.Length > room - 2 - _text.Length) return false;
        return WriteFirst(text) == text.Length;
    }

    /// <summary>Writes the beginning of a text in quotes, and returns the number of its characters that had room.</summary>
    public int WriteFirst(string text)
    {
        if (!TryAppend("\"")) return 0;
        (int taken, int marks, bool isAfterBlank) = (0, MostMarks, false);
        while (taken < text.Length)
        {
            int length = char.IsSurrogatePair(text, taken) ? 2 : 1;
            int before = _text.Length;
            UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory(text, taken);
            bool isMark = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
            bool isLetter = category <= UnicodeCategory.OtherLetter;
            marks = isMark ? marks + 1 : isLetter ? 0 : MostMarks;
            bool isShown = text[taken] == ' ' ? !isAfterBlank : IsShown(category, length == 2 ? char.ConvertToUtf32(text, taken) : text[taken]);
            isAfterBlank = text[taken] == ' ';
            if (isMark && marks > MostMarks) isShown = false;
            Append(text.AsSpan(taken, length), isShown);
            if (_text.Length >= room)
            {
                _text.Length = before;
                break;
            }

            taken += length;
        }

        _text.Append('"');
        return taken;
    }

    /// <summary>Writes the first items of a list, with commas, and returns their number.</summary>
    public int WriteFirst(ImmutableArray<ScriptValue> items)
    {
        for (int i = 0; i < items.Length; i++)
        {
            int before = _text.Length;
            if ((i == 0 || TryAppend(",")) && TryWrite(items[i])) continue;
            _text.Length = before;
            return i;
        }

        return items.Length;
    }

    private bool TryWriteObject(ScriptValue value)
    {
        // Members without a value are left out. Looking at many of them takes long.
        if (value.Properties.Length > room || !TryAppend("{")) return false;
        bool isFirst = true;
        foreach ((string key, ScriptValue member) in value.Properties)
        {
            if (member.Kind == ScriptValueKind.Undefined) continue;
            if (!(isFirst || TryAppend(",")) || !TryWrite(key) || !TryAppend(":") || !TryWrite(member)) return false;
            isFirst = false;
        }

        return TryAppend("}");
    }

    private void Append(ReadOnlySpan<char> character, bool isShown)
    {
        if (character is ['"' or '\\']) _text.Append('\\').Append(character);
        else if (character is ['\n']) _text.Append("\\n");
        else if (isShown) _text.Append(character);
        else foreach (char unit in character) _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
    }

    private bool TryAppend(string text)
    {
        if (text.Length > room - _text.Length) return false;
        _text.Append(text);
        return true;
    }

    private static bool IsShown(UnicodeCategory category, int codePoint)
    {
        if (category == UnicodeCategory.SpaceSeparator || !VisibleText.IsShown(category)) return false;
        foreach ((int first, int last) in s_withoutShape)
        {
            if (codePoint >= first && codePoint <= last) return false;
        }

        return true;
    }
}
