using System.Globalization;
using System.Text;
using Enclave.Reports;

namespace Enclave.Processes;

/// <summary>The last 8 KB of a worker's log.</summary>
internal sealed class StderrRing
{
    private const int Capacity = 8 * 1024;

    private readonly byte[] _bytes = new byte[Capacity];
    private long _written;

    public void Append(ReadOnlySpan<byte> text)
    {
        if (text.Length > Capacity)
        {
            _written += text.Length - Capacity;
            text = text[^Capacity..];
        }

        var at = (int)(_written % Capacity);
        int first = Math.Min(text.Length, Capacity - at);
        text[..first].CopyTo(_bytes.AsSpan(at));
        text[first..].CopyTo(_bytes);
        _written += text.Length;
    }

    /// <summary>The text, without blanks around it. A worker chooses it: line ends and invisible characters are escaped.</summary>
    public override string ToString()
    {
        string text = Raw().Trim();
        if (text.EnumerateRunes().All(VisibleText.IsShown)) return text;
        var shown = new StringBuilder(text.Length + 64);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (VisibleText.IsShown(rune)) shown.Append(rune.ToString());
            else if (rune.Value == '\n') shown.Append("\\n");
            else shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
        }

        return shown.ToString();
    }

    private string Raw()
    {
        if (_written <= Capacity) return Encoding.UTF8.GetString(_bytes, 0, (int)_written);
        var at = (int)(_written % Capacity);
        return string.Concat(Encoding.UTF8.GetString(_bytes.AsSpan(at)), Encoding.UTF8.GetString(_bytes.AsSpan(0, at)));
    }
}
