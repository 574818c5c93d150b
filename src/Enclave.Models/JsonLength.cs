using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Models;

/// <summary>The characters of values as JSON, counted up to a bound.</summary>
internal static class JsonLength
{
    private const int Escape = 6;

    /// <summary>The characters of a value, or more than <paramref name="most"/>. The work is in proportion to <paramref name="most"/>.</summary>
    public static int Of(ScriptValue value, int most)
    {
        switch (value.Kind)
        {
            case ScriptValueKind.String: return OfText(value.AsString(), most);
            case ScriptValueKind.Bytes: return (int)Math.Min(int.MaxValue, 2 + (4 * ((value.AsBytes().Length + 2L) / 3)));
            case ScriptValueKind.Array: return OfItems(value, most);
            case ScriptValueKind.Object: return ContentShape.Is(value) ? ContentShape.PlaceOf(value) : OfMembers(value, most);
            case ScriptValueKind.Reference: return Of(JsonExport.Plain(value.AsReference()), most);
            default: return value.ToJsonString().Length;
        }
    }

    /// <summary>The characters of a text in quotes, or more than <paramref name="most"/>.</summary>
    public static int OfText(string text, int most)
    {
        int length = 2;
        for (int i = 0; i < text.Length && length <= most; i++) length += OfCharacter(text[i]);
        return length;
    }

    /// <summary>How many characters of a text fit into this many characters of JSON, without quotes. A pair of surrogates is not split.</summary>
    public static int Fitting(string text, int room)
    {
        int at = 0;
        while (at < text.Length && (room -= OfCharacter(text[at])) >= 0) at++;
        return at > 0 && at < text.Length && char.IsHighSurrogate(text[at - 1]) ? at - 1 : at;
    }

    /// <summary>The length of a character as the default encoder of JSON writes it: all but plain ASCII as an escape.</summary>
    private static int OfCharacter(char c) => c switch
    {
        '\\' or '\n' or '\r' or '\t' or '\b' or '\f' => 2,
        < ' ' or '"' or '&' or '\'' or '+' or '<' or '>' or '`' or > '~' => Escape,
        _ => 1,
    };

    private static int OfItems(ScriptValue value, int most)
    {
        int length = 2;
        foreach (ScriptValue item in value.Items)
        {
            length += Of(item, most - length) + 1;
            if (length < 0 || length > most) return Over(most);
        }

        return length;
    }

    private static int OfMembers(ScriptValue value, int most)
    {
        int length = 2;
        bool mayLose = false;
        foreach ((string name, ScriptValue member) in value.Properties)
        {
            if (member.Kind == ScriptValueKind.Undefined) continue;
            if (!mayLose && name.AsSpan().ContainsAnyInRange('\ud800', '\udfff'))
            {
                // Two names with lone surrogates may become the same name. Then the value has a note with the number of lost members.
                mayLose = true;
                length += ValueCut.NoteOfMembers;
            }

            length += OfText(name, most - length) + 2;
            if (length > most) return Over(most);
            length += Of(member, most - length);
            if (length < 0 || length > most) return Over(most);
        }

        return length;
    }

    private static int Over(int most) => most == int.MaxValue ? most : most + 1;
}
