using System.Buffers.Text;
using System.Text;

namespace Enclave.Secrets;

/// <summary>
/// The search patterns for values: the values themselves, their UTF-8 bytes as Latin-1, without their own escapes and line breaks, in hexadecimal, and in
/// base64 and base64url at every offset.
/// </summary>
internal sealed class SecretPatterns
{
    private SecretPatterns(Pattern[] asWritten, Pattern[] decoded) => (AsWritten, Decoded) = (asWritten, decoded);

    /// <summary>Patterns to find in an unchanged text.</summary>
    public Pattern[] AsWritten { get; }

    /// <summary>Patterns to find after escapes and line breaks are removed, from the text and from the value.</summary>
    public Pattern[] Decoded { get; }

    /// <summary>The length of the longest pattern.</summary>
    public int Longest => Decoded.Concat(AsWritten).Max((pattern) => pattern.Text.Length);

    /// <summary>Null if there is nothing to search for.</summary>
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

    /// <summary>The value with none, one and more layers of its own escapes removed: its forms after the text around it was decoded.</summary>
    private static IEnumerable<Pattern> Without(Pattern pattern)
    {
        yield return pattern;
        for (int i = 0; i < SecretMask.Layers && Escapes.Any(pattern.Text); i++) yield return pattern = pattern with { Text = Escapes.Off(pattern.Text) };
    }

    /// <summary>The value with its own line breaks and without them: texts are searched in both forms.</summary>
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
    /// Three bytes become four letters. So the letters of a value depend on the number of bytes before it, and its first and last letters on the bytes beside
    /// it.
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
            // Letters whose bits all belong to the value.
            int first = ((before * 8) + 5) / 6, last = shifted.Length * 8 / 6;
            int left = before == 0 ? 0 : 1, right = shifted.Length % 3 == 0 ? 0 : 1;
            yield return new Pattern(Convert.ToBase64String(shifted)[first..last], left, right);
            yield return new Pattern(Base64Url.EncodeToString(shifted)[first..last], left, right);
        }
    }

    /// <param name="Text">The text to find.</param>
    /// <param name="Left">Letters before it that also have bits of the value.</param>
    /// <param name="Right">Letters behind it that also have bits of the value.</param>
    internal readonly record struct Pattern(string Text, int Left, int Right);
}
