using System.Text;

namespace Enclave.Cli.Parse;

/// <summary>Names of enumerations as words.</summary>
internal static class Words
{
    /// <summary>FunctionName becomes function name.</summary>
    public static string Of<T>(T value) where T : struct, Enum
    {
        var words = new StringBuilder();
        foreach (char c in value.ToString())
        {
            if (char.IsAsciiLetterUpper(c) && words.Length > 0) words.Append(' ');
            words.Append(char.ToLowerInvariant(c));
        }

        return words.ToString();
    }
}
