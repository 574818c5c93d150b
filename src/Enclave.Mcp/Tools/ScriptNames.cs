namespace Enclave.Mcp.Tools;

/// <summary>Names of a server's tools as scripts have them: letters, digits and <c>_</c> alone, so that they are names of members too.</summary>
internal sealed class ScriptNames
{
    private const int MaxCharacters = 120;

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    // The last number that a name got: the server chooses the names, and counting from the start for each would take their square.
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>A name of its own; null when nothing of the server's is one.</summary>
    public string? Next(string name)
    {
        string letters = string.Concat(name.Take(MaxCharacters).Select((letter) => char.IsAsciiLetterOrDigit(letter) ? letter : '_')).Trim('_');
        if (letters.Length == 0) return null;
        if (char.IsAsciiDigit(letters[0])) letters = $"t{letters}";
        if (_taken.Add(letters)) return letters;
        string own;
        int number = _numbers.GetValueOrDefault(letters, 1);
        do own = $"{letters}_{++number}";
        while (!_taken.Add(own));
        _numbers[letters] = number;
        return own;
    }
}
