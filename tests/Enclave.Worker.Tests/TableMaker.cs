using Enclave.Protocol;

namespace Enclave.Worker.Tests;

/// <summary>Rows that equal the row before, or nearly: a reader that learns from the last row may get them wrong.</summary>
internal sealed class TableMaker(int seed)
{
    private const int Deepest = 2;

    private static readonly string[] s_names =
        ["id", "name", "x", "_y", "é", "a b", "long name of a column that is no short string", "$", "7", "10", "7a", "toString", "length"];

    private readonly Random _random = new(seed);
    private string[] _last = ["id"];

    public List<object?> Table(int depth = 0)
    {
        var rows = new List<object?>();
        for (int count = _random.Next(12); count > 0; count--) rows.Add(_random.Next(12) == 0 ? Cell(depth) : Row(depth));
        return rows;
    }

    private Dictionary<string, object?> Row(int depth)
    {
        _last = _random.Next(8) switch
        {
            0 => [.. _last.Reverse()],
            1 => [.. _last.Skip(1)],
            2 => [.. _last.Append(s_names[_random.Next(s_names.Length)]).Distinct()],
            3 => [.. _last.Select((name) => _random.Next(4) == 0 ? s_names[_random.Next(s_names.Length)] : name).Distinct()],
            4 when _random.Next(10) == 0 => [.. Enumerable.Range(0, 70).Select((column) => $"c{column}")],
            _ => _last,
        };
        string[] names = _last;
        var row = new Dictionary<string, object?>();
        foreach (string name in names) row[name] = Cell(names.Length > s_names.Length ? Deepest : depth);
        return row;
    }

    private object? Cell(int depth) => _random.Next(depth < Deepest ? 9 : 6) switch
    {
        0 => null,
        1 => _random.Next(),
        2 => _random.NextDouble(),
        3 => _random.Next(2) == 0,
        4 => ScriptValue.Undefined,
        5 => new string('t', _random.Next(40)),
        6 => Row(depth + 1),
        _ => Table(depth + 1),
    };
}
