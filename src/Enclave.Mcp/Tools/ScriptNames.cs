namespace Enclave.Mcp.Tools;

/// <summary>Makes the names that scripts use for a server's tools: only letters, digits and <c>_</c>, so that each is also valid after a dot.</summary>
internal sealed class ScriptNames
{
    private const int MaxCharacters = 120;

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    // The last number given to each name. The server chooses the names: if each search began at 2, equal names would take quadratic time.
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>Returns a name that no other tool has; null if the server's name has neither letters nor digits.</summary>
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
