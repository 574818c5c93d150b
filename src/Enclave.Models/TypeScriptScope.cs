using System.Globalization;

namespace Enclave.Models;

/// <summary>The state that all types of one text share: the taken names, and the limits of the work.</summary>
/// <remarks>Servers write the schemas. Nested choices repeat a part for each branch, so a schema of 5 kB can describe a type without end.</remarks>
internal sealed class TypeScriptScope
{
    /// <summary>The limits for one tool. The largest tools of public services need a tenth of them.</summary>
    private const int MaxPartsOfTool = 50_000, MaxCharactersOfTool = 500_000;

    /// <summary>The limits for a text with many tools.</summary>
    private const int MaxParts = 5_000_000, MaxCharacters = 20_000_000;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private int _parts = MaxParts, _characters = MaxCharacters, _partsOfTool = MaxPartsOfTool, _charactersOfTool = MaxCharactersOfTool;

    /// <summary>True if the rest of the tool accepts any value.</summary>
    public bool IsUsedUp => _parts <= 0 || _characters <= 0 || _partsOfTool <= 0 || _charactersOfTool <= 0;

    /// <summary>Starts the limits of the next tool.</summary>
    public void StartTool() => (_partsOfTool, _charactersOfTool) = (MaxPartsOfTool, MaxCharactersOfTool);

    /// <summary>Counts one part of a schema that is read or copied.</summary>
    /// <returns>False if the limits are used up.</returns>
    public bool TakePart()
    {
        if (IsUsedUp) return false;
        _parts--;
        _partsOfTool--;
        return true;
    }

    /// <summary>Counts written characters.</summary>
    public void TakeCharacters(int count)
    {
        _characters -= Math.Min(count, _characters);
        _charactersOfTool -= Math.Min(count, _charactersOfTool);
    }

    /// <summary>A name that no other type of the text has: <c>get_user</c> and <c>getUser</c> begin alike.</summary>
    public string NewName(string wanted)
    {
        while (true)
        {
            int number = _numbers[wanted] = _numbers.GetValueOrDefault(wanted) + 1;
            string name = number == 1 ? wanted : wanted + number.ToString(CultureInfo.InvariantCulture);
            if (_names.Add(name)) return name;
        }
    }
}
