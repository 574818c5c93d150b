using System.Numerics;
using System.Text;
using Enclave.Guard;
using Enclave.Guard.Rules;
using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Host.Tests.Models;

/// <summary>Results of runs in all shapes that a hostile or careless script can give them.</summary>
/// <param name="seed">The same seed gives the same results.</param>
internal sealed class GeneratedResults(int seed)
{
    /// <summary>The deepest value of a result: deeper than an answer has.</summary>
    private const int MaxDepth = 64;

    private static readonly string[] s_pieces =
        ["a", "word ", "\"", "\\", "\n", "\t", "\u0001", "é", "日本語", "🙂", "👩‍👩‍👧", "\u2028", "</script>", "\ud83d", "\ude00", "0123456789", "..."];

    private static readonly string[] s_keys = ["id", "name", "...", "....", "\ud800", "\udc00", "\ufffd", "", "value", "leftOut", "__proto__", "🙂"];

    private readonly Random _random = new(seed);

    /// <summary>Tokens of an answer: the least of them often, because everything has to be cut there.</summary>
    public int Tokens() => _random.Next(8) switch
    {
        0 or 1 => 50,
        2 => _random.Next(50, 120),
        3 => _random.Next(120, 260),
        4 => _random.Next(200, 600),
        5 => 1000,
        6 => _random.Next(1000, 4000),
        _ => 10_000,
    };

    public ExecutionResult Result()
    {
        bool failed = _random.Next(4) == 0;
        return new ExecutionResult
        {
            Value = failed ? ScriptValue.Undefined : Value(),
            Error = failed ? Error() : null,
            Stdout = _random.Next(3) switch { 0 => "", 1 => Text(Size(3_000)) + "\n", _ => Lines(Size(3_000)) },
            Stats = new ExecutionStats { ToolCallCount = _random.Next(3) },
            Warnings = _random.Next(3) == 0 ? [.. Enumerable.Range(0, _random.Next(1, 100)).Select(Warning)] : [],
        };
    }

    /// <summary>A text of so many pieces. Half of them have no lone surrogates.</summary>
    public string Text(int pieces)
    {
        bool isWellFormed = _random.Next(2) == 0;
        var text = new StringBuilder();
        string only = _random.Next(3) == 0 ? s_pieces[_random.Next(s_pieces.Length)] : "";
        for (int i = 0; i < pieces; i++)
        {
            string piece = only.Length > 0 ? only : s_pieces[_random.Next(s_pieces.Length)];
            text.Append(isWellFormed && piece.Length == 1 && char.IsSurrogate(piece[0]) ? "x" : piece);
        }

        return text.ToString();
    }

    public ExecutionError Error()
    {
        ErrorCode code = Enum.GetValues<ErrorCode>()[_random.Next(Enum.GetValues<ErrorCode>().Length)];
        var data = new Dictionary<string, object?> { ["limit"] = _random.Next(), ["line"] = _random.Next(1, 9_999) };
        if (_random.Next(2) == 0) data["tool"] = Text(Size(300));
        if (_random.Next(2) == 0) data["causes"] = Texts();
        if (_random.Next(2) == 0) data["errors"] = Texts();
        if (_random.Next(3) == 0) data["hint"] = Text(Size(500));
        if (_random.Next(3) == 0) data["reason"] = Text(Size(500));
        if (code == ErrorCode.ValidationError) data["issues"] = Enumerable.Range(0, _random.Next(0, 60)).Select(Warning).ToArray();
        if (code == ErrorCode.ScoringBlocked)
            data["signals"] = Enumerable.Range(0, _random.Next(0, 40)).Select((i) => new ScoreSignal($"signal-{i}", 10, Text(Size(200)))).ToArray();
        return new ExecutionError
        {
            Code = code,
            Name = _random.Next(2) == 0 ? "TypeError" : Text(Size(200)),
            Message = Text(Size(3_000)),
            Stack = "at f (script.js:3:4)",
            Data = data,
        };
    }

    public ScriptValue Value() => _random.Next(12) switch
    {
        0 => Deep(_random.Next(1, MaxDepth)),
        1 => Wide(Size(3_000)),
        2 => LongKeys(Size(40)),
        3 or 4 => ScriptValue.From(Text(Size(10_000))),
        5 => ScriptValue.From(Enumerable.Range(0, Size(20_000)).Select((i) => (object?)(double)i).ToArray()),
        6 => ScriptValue.From(new byte[Size(20_000)]),
        7 => ScriptValue.From(BigInteger.Pow(7, Size(2_000))),
        8 => ScriptValue.OfReference(new ScriptReference(new string('a', 32), 1 << 20, ScriptValueKind.String, Text(40)[..Math.Min(40, 121)])),
        9 => ScriptValue.From(Enumerable.Range(0, _random.Next(1, 15)).Select(object? (i) => File(i)).ToArray()),
        _ => Any(0),
    };

    private static GuardIssue Warn(string rule, string message, string? hint) => new(rule, "TOOL_ARGUMENTS", message, IssueSeverity.Error) { Hint = hint };

    private GuardIssue Warning(int i) => Warn(
        _random.Next(4) == 0 ? "no-eval" : ToolCallRules.Names.Name, $"{i}: {Text(Size(200))}", _random.Next(2) == 0 ? null : Text(Size(200)));

    private string[] Texts() => [.. Enumerable.Range(0, _random.Next(0, 30)).Select((_) => Text(Size(200)))];

    private static string Lines(int count) => string.Concat(Enumerable.Range(0, count).Select((i) => $"line {i}\n"));

    /// <summary>A size up to a limit, small ones as often as large ones.</summary>
    private int Size(int most) => (int)Math.Pow(most, _random.NextDouble()) - 1;

    private Dictionary<string, object?> File(int i) => new()
    {
        ["mimeType"] = "image/png",
        ["name"] = _random.Next(2) == 0 ? $"file {i}" : new string('é', 100),
        ["data"] = new byte[_random.Next(0, 200)],
    };

    private ScriptValue Deep(int depth)
    {
        ScriptValue value = ScriptValue.From(Text(Size(400)));
        for (int i = 0; i < depth; i++)
        {
            value = _random.Next(2) == 0
                ? ScriptValue.OfArray([value, ScriptValue.From(i)])
                : Members([("member", value), ("beside", ScriptValue.From(Text(Size(100))))]);
        }

        return value;
    }

    private ScriptValue Wide(int count) => Members(Enumerable.Range(0, count).Select((i) => ($"m{i}", Small())));

    private ScriptValue LongKeys(int count) =>
        Members(Enumerable.Range(0, count).Select((i) => (_random.Next(3) == 0 ? s_keys[_random.Next(s_keys.Length)] : Text(Size(600)), Small())));

    private ScriptValue Any(int depth) => _random.Next(depth > 4 ? 4 : 7) switch
    {
        < 3 => Small(),
        3 => ScriptValue.From(Text(Size(1_000))),
        4 => ScriptValue.OfArray([.. Enumerable.Range(0, Size(depth == 0 ? 300 : 20)).Select((_) => Any(depth + 1))]),
        5 => Members(Enumerable.Range(0, Size(depth == 0 ? 300 : 20)).Select((i) => ($"member {i}", Any(depth + 1)))),
        _ => LongKeys(Size(12)),
    };

    private ScriptValue Small() => _random.Next(9) switch
    {
        0 => ScriptValue.Null,
        1 => ScriptValue.True,
        2 => ScriptValue.Undefined,
        3 => ScriptValue.From(_random.NextDouble() * 1e300),
        4 => ScriptValue.From(double.NaN),
        5 => ScriptValue.From(DateTimeOffset.UnixEpoch.AddSeconds(_random.Next())),
        6 => ScriptValue.From(new byte[Size(40)]),
        7 => ScriptValue.From(Text(Size(60))),
        _ => ScriptValue.From(_random.Next()),
    };

    private static ScriptValue Members(IEnumerable<(string Name, ScriptValue Value)> members)
    {
        var table = new PropertyTable.Builder(4);
        foreach ((string name, ScriptValue value) in members) table.Set(name, value);
        return ScriptValue.OfObject(table.Build());
    }
}
