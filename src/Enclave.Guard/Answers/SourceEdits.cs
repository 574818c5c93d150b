using System.Text;

namespace Enclave.Guard.Answers;

/// <summary>Edits of a text that keep its lines. Columns stay the same where the new words are no longer than the old ones.</summary>
internal sealed class SourceEdits(string text)
{
    private readonly List<(int Start, int End, string Words)> _edits = [];

    /// <summary>Replaces a range with these words and spaces. Its line ends stay.</summary>
    public void Replace(int start, int end, string words = "") => _edits.Add((start, end, words));

    /// <summary>Adds a line at the end.</summary>
    public void Append(string line) => _edits.Add((text.Length, text.Length, "\n" + line));

    /// <summary>The changed text.</summary>
    public override string ToString()
    {
        var result = new StringBuilder(text.Length + 64);
        int at = 0;
        foreach ((int start, int end, string words) in _edits.OrderBy((edit) => edit.Start))
        {
            result.Append(text, at, start - at).Append(words);
            int owed = words.Length;
            for (int i = start; i < end; i++)
            {
                if (text[i] is '\n' or '\r' or '\u2028' or '\u2029') result.Append(text[i]);
                else if (owed > 0) owed--;
                else result.Append(' ');
            }

            at = end;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }
}
