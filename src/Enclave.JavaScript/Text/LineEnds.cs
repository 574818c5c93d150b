using System.Buffers;

namespace Enclave.JavaScript.Text;

/// <summary>The line ends of the language (ECMA-262 12.3): LF, CR, U+2028, U+2029.</summary>
public static class LineEnds
{
    /// <summary>The same as a string.</summary>
    public const string All = "\n\r\u2028\u2029";

    /// <summary>The four characters that end a line in JavaScript.</summary>
    public static SearchValues<char> Set { get; } = SearchValues.Create(All);

    /// <summary>Returns true if the character ends a line.</summary>
    public static bool Contains(char c) => c is '\n' or '\r' or '\u2028' or '\u2029';
}
