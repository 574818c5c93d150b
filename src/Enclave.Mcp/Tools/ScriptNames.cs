namespace Enclave.Mcp.Tools;

/// <summary>Names of a server's tools as scripts have them: letters, digits and <c>_</c> alone, so that they are names of members too.</summary>
internal sealed class ScriptNames
{
    private const int MaxCharacters = 120;

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>A name of its own; null when nothing of the server's is one.</summary>
    public string? Next(string name)
    {
        string letters = string.Concat(name.Take(MaxCharacters).Select((letter) => char.IsAsciiLetterOrDigit(letter) ? letter : '_')).Trim('_');
        if (letters.Length == 0) return null;
        if (char.IsAsciiDigit(letters[0])) letters = $"t{letters}";
        string own = letters;
        for (int alike = 2; !_taken.Add(own); alike++) own = $"{letters}_{alike}";
        return own;
    }
}
