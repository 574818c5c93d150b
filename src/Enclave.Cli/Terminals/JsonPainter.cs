using System.Text;

namespace Enclave.Cli.Terminals;

/// <summary>Colours JSON text: keys, strings, numbers, literals.</summary>
internal static class JsonPainter
{
    public static string Paint(string json)
    {
        var painted = new StringBuilder(json.Length * 2);
        for (int i = 0; i < json.Length;)
        {
            int end = TokenEnd(json, i);
            Ink ink = InkOf(json, i, end);
            if (ink == Ink.Plain) painted.Append(json, i, end - i);
            else painted.Append(Inks.On(ink)).Append(json, i, end - i).Append(Inks.Off);
            i = end;
        }

        return painted.ToString();
    }

    private static int TokenEnd(string json, int start)
    {
        int end = start + 1;
        if (json[start] == '"')
        {
            while (end < json.Length && json[end] != '"') end += json[end] == '\\' ? 2 : 1;
            return Math.Min(end + 1, json.Length);
        }

        if (!IsWord(json[start])) return end;
        while (end < json.Length && IsWord(json[end])) end++;
        return end;
    }

    private static Ink InkOf(string json, int start, int end) => json[start] switch
    {
        '"' => end < json.Length && json[end] == ':' ? Ink.Key : Ink.Text,
        't' or 'f' or 'n' => Ink.Literal,
        _ when IsWord(json[start]) => Ink.Number,
        _ => Ink.Plain,
    };

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '+' or '.';
}
