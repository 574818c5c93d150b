using System.Globalization;
using System.Text;

namespace Enclave.Protocol.Values;

/// <summary>The position of a conversion in an object, for messages: <c>$.a[3]</c>.</summary>
internal sealed class ValuePath
{
    private readonly List<(string? Key, int Index)> _steps = [];

    internal int Depth => _steps.Count;

    /// <summary>Goes to a member or an item.</summary>
    public void Enter(string key) => _steps.Add((key, 0));

    /// <summary>Goes to a member or an item.</summary>
    public void Enter(int index) => _steps.Add((null, index));

    /// <summary>Goes back up by one.</summary>
    public void Leave() => _steps.RemoveAt(_steps.Count - 1);

    /// <summary>Returns the path as text: <c>$.a[3].b</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("$");
        foreach ((string? key, int index) in _steps)
        {
            if (key is null) text.Append(CultureInfo.InvariantCulture, $"[{index}]");
            else if (IsName(key)) text.Append('.').Append(key);
            else JsonText.AppendLiteral(text.Append('['), key).Append(']');
        }

        return text.ToString();
    }

    private static bool IsName(string key) =>
        key.Length > 0 && !char.IsAsciiDigit(key[0]) && key.AsSpan().IndexOfAnyExcept(NameCharacters) < 0;

    private static readonly System.Buffers.SearchValues<char> NameCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$");
}
