using System.Text.RegularExpressions;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Recording;

/// <summary>Compares two runs and describes their first difference.</summary>
internal static partial class Differences
{
    private const int MaxText = 200;

    public static bool Same(ExecutionEvent one, ExecutionEvent other) => (one, other) switch
    {
        (ConsoleEvent a, ConsoleEvent b) => (a.Level, a.Text) == (b.Level, b.Text),
        (ToolCallEvent a, ToolCallEvent b) => (a.Call, a.Name) == (b.Call, b.Name) && Same(a.Args, b.Args),
        _ => false,
    };

    /// <summary>
    /// True if the events are equal except for places in the program's text, as in the stack of an error that the script prints: a traced program has other
    /// places.
    /// </summary>
    public static bool SameButPlaces(ExecutionEvent one, ExecutionEvent other) => (one, other) switch
    {
        (ConsoleEvent a, ConsoleEvent b) => a.Level == b.Level && WithoutPlaces(a.Text) == WithoutPlaces(b.Text),
        (ToolCallEvent a, ToolCallEvent b) => (a.Call, a.Name) == (b.Call, b.Name) && WithoutPlaces(a.Args.ToString()) == WithoutPlaces(b.Args.ToString()),
        _ => false,
    };

    /// <inheritdoc cref="SameButPlaces(ExecutionEvent, ExecutionEvent)"/>
    public static bool SameButPlaces(ExecutionResult one, ExecutionResult other) => (one.Error, other.Error) switch
    {
        (null, null) => WithoutPlaces(one.Value.ToString()) == WithoutPlaces(other.Value.ToString()),
        ({ } a, { } b) => (a.Code, a.Name) == (b.Code, b.Name)
            && (WithoutPlaces(a.Message) == WithoutPlaces(b.Message) || b.Message.Contains("__ag_t", StringComparison.Ordinal)),
        _ => false,
    };

    private static string WithoutPlaces(string text) => Place().Replace(text, "");

    [GeneratedRegex(":[0-9]{1,9}:[0-9]{1,9}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Place();

    /// <summary>The script did <paramref name="now"/> instead of <paramref name="then"/>, or nothing more.</summary>
    public static ReplayDifference Between(ExecutionEvent? then, ExecutionEvent now, int lineNow, int lineThen) => At(
        then is ToolCallEvent a && now is ToolCallEvent b && a.Name == b.Name ? ValueDifference.Of(a.Args, b.Args) : null,
        new()
        {
            Kind = Kind(now),
            Number = now is ToolCallEvent call ? (int)call.Call : lineNow > 0 ? lineNow : lineThen,
            Recorded = then is null ? "nothing more" : Show(then),
            Replayed = Show(now),
        });

    /// <summary>The run ended before it did the next recorded step.</summary>
    public static ReplayDifference Missing(ExecutionEvent then, int line, ExecutionResult result) => new()
    {
        Kind = Kind(then),
        Number = then is ToolCallEvent call ? (int)call.Call : line,
        Recorded = Show(then),
        Replayed = result.Error is { } error ? $"the end: {Show(error)}" : "the end of the run",
    };

    public static ReplayDifference? Between(ExecutionResult then, ExecutionResult now)
    {
        if (then.Error is null && now.Error is null)
        {
            if (Same(then.Value, now.Value)) return null;
            return At(
                ValueDifference.Of(then.Value, now.Value),
                new() { Kind = ReplayDifferenceKind.Value, Number = 0, Recorded = then.Value.ToString(), Replayed = now.Value.ToString() });
        }

        if (then.Error is { } a && now.Error is { } b && (a.Code, a.Name, a.Message, FirstLine(a.Stack)) == (b.Code, b.Name, b.Message, FirstLine(b.Stack)))
            return null;
        return new() { Kind = ReplayDifferenceKind.Error, Number = 0, Recorded = Show(then), Replayed = Show(now) };
    }

    private static ReplayDifference At((string Path, string One, string Other)? place, ReplayDifference difference) =>
        place is not { } at ? difference : difference with { Path = at.Path, RecordedPart = at.One, ReplayedPart = at.Other };

    /// <summary>The number of the console line at this step, among the lines.</summary>
    public static int LineNumber(IReadOnlyList<ExecutionEvent> steps, int index) => steps.Take(index + 1).Count((happened) => happened is ConsoleEvent);

    /// <summary>Compares to the bit, and in the order of properties: everything that a script can distinguish.</summary>
    private static bool Same(ScriptValue one, ScriptValue other) => ScriptValueCodec.Encode(one).AsSpan().SequenceEqual(ScriptValueCodec.Encode(other));

    private static ReplayDifferenceKind Kind(ExecutionEvent happened) =>
        happened is ToolCallEvent ? ReplayDifferenceKind.ToolCall : ReplayDifferenceKind.ConsoleLine;

    private static string Show(ExecutionEvent happened) => happened switch
    {
        ToolCallEvent call => $"{call.Name} {call.Args}",
        ConsoleEvent line => $"console.{ConsoleMethods.NameOf(line.Level)}: {Cut(line.Text)}",
        _ => happened.GetType().Name,
    };

    private static string Show(ExecutionResult result) => result.Error is { } error ? Show(error) : $"the value {result.Value}";

    private static string Show(ExecutionError error) =>
        Cut($"{error.Code.ToCode()}: {error.Name}: {error.Message}{(error.Stack is { } stack ? " " + FirstLine(stack)!.Trim() : "")}");

    // Hosts differ in showing more than the first line.
    private static string? FirstLine(string? stack) => stack?.Split('\n', 2)[0];

    private static string Cut(string text) => text.Length <= MaxText ? text : text[..MaxText] + "…";
}
