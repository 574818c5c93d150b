using System.Buffers.Text;
using System.Text;

namespace Enclave.Secrets;

/// <summary>
/// The texts by which values are found: themselves, as their UTF-8 reads byte by byte, without their own escapes and line breaks, in hexadecimal, and in
/// base64 and base64url wherever they may begin in it.
/// </summary>
internal sealed class SecretPatterns
{
    private SecretPatterns(Pattern[] asWritten, Pattern[] decoded) => (AsWritten, Decoded) = (asWritten, decoded);

    /// <summary>Patterns to find in a text as it is.</summary>
    public Pattern[] AsWritten { get; }

    /// <summary>Patterns to find once escapes and line breaks are taken off, of a text and of the value alike.</summary>
    public Pattern[] Decoded { get; }

    /// <summary>Characters of the longest.</summary>
    public int Longest => Decoded.Concat(AsWritten).Max((pattern) => pattern.Text.Length);

    /// <summary>Null where there is nothing to look for.</summary>
    public static SecretPatterns? Of(IEnumerable<string> values)
    {
        string[] sought = [.. values.Where((value) => value.Length >= SecretMask.Least).Distinct(StringComparer.Ordinal)];
        if (sought.Length == 0) return null;
        Pattern[] asWritten = [.. sought.SelectMany(Plain).Concat(sought.SelectMany(Hexadecimal)).Concat(sought.SelectMany(Base64)).Distinct()];
        Pattern[] decoded = [.. asWritten.SelectMany(Without).SelectMany(InOneLine).Where((pattern) => pattern.Text.Length >= SecretMask.Least).Distinct()];
        return new SecretPatterns(asWritten, decoded);
    }

    private static IEnumerable<Pattern> Plain(string value)
    {
        yield return new Pattern(value, 0, 0);
        yield return new Pattern(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(value)), 0, 0);
    }

    /// <summary>The value with none, one, and more of its own escapes taken off: what becomes of it when a text around it is read.</summary>
    private static IEnumerable<Pattern> Without(Pattern pattern)
    {
        yield return pattern;
        for (int i = 0; i < SecretMask.Layers && Escapes.Any(pattern.Text); i++) yield return pattern = pattern with { Text = Escapes.Off(pattern.Text) };
    }

    /// <summary>The value with its own line breaks, and without: a text is looked at in both ways.</summary>
    private static IEnumerable<Pattern> InOneLine(Pattern pattern)
    {
        yield return pattern;
        if (LineBreaks.Any(pattern.Text)) yield return pattern with { Text = LineBreaks.Off(pattern.Text) };
    }

    private static IEnumerable<Pattern> Hexadecimal(string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        yield return new Pattern(Convert.ToHexStringLower(bytes), 0, 0);
        yield return new Pattern(Convert.ToHexString(bytes), 0, 0);
    }

    /// <summary>
    /// Three bytes are four letters: what the value's letters are depends on how many bytes stand before it, and the first and last ones on which.
    /// </summary>
    private static IEnumerable<Pattern> Base64(string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        yield return new Pattern(Convert.ToBase64String(bytes), 0, 0);
        yield return new Pattern(Base64Url.EncodeToString(bytes), 0, 0);
        for (int before = 0; before < 3; before++)
        {
            byte[] shifted = new byte[before + bytes.Length];
            bytes.CopyTo(shifted, before);
            // Letters of whole bits of the value.
            int first = ((before * 8) + 5) / 6, last = shifted.Length * 8 / 6;
            int left = before == 0 ? 0 : 1, right = shifted.Length % 3 == 0 ? 0 : 1;
            yield return new Pattern(Convert.ToBase64String(shifted)[first..last], left, right);
            yield return new Pattern(Base64Url.EncodeToString(shifted)[first..last], left, right);
        }
    }

    /// <param name="Text">The text to find.</param>
    /// <param name="Left">Letters before it that have bits of the value too.</param>
    /// <param name="Right">Letters behind it that have.</param>
    internal readonly record struct Pattern(string Text, int Left, int Right);
}
