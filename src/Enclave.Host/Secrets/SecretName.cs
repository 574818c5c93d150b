using System.Text.RegularExpressions;

namespace Enclave.Secrets;

/// <summary>Valid names of secrets. A name may become part of a path, of a variable's name or of a key.</summary>
internal static partial class SecretName
{
    public const string Form = "a letter, a digit or _, then letters, digits and any of _.-; at most 100 characters";

    public static bool IsName(string? name) => name is not null && Name().IsMatch(name);

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
