namespace Enclave.Protocol;

/// <summary>Checks whether text is well-formed UTF-16: every surrogate belongs to a pair.</summary>
internal static class Utf16
{
    /// <summary>Returns true if the text has no lone surrogate.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (true)
        {
            int at = text.IndexOfAnyInRange('\uD800', '\uDFFF');
            if (at < 0) return true;
            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1])) return false;
            text = text[(at + 2)..];
        }
    }
}
