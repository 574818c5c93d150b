using Enclave.Guard.Tracing;
using Enclave.JavaScript.Text;
using Enclave.Outcomes;

namespace Enclave.Explaining;

/// <summary>Reads a trace with the script beside it: statements, lines, and the step that failed.</summary>
/// <param name="code">The script, as its author wrote it.</param>
/// <param name="trace">The trace.</param>
/// <param name="error">The recorded error; null without one.</param>
internal sealed class TraceReading(string code, RunTrace trace, ExecutionError? error)
{
    private const int MaxStatement = 200;
    private const int MaxPart = 60;
    // The trace cuts messages there.
    private const int MaxMessage = 1000;

    private readonly LineMap _lines = new(code);

    /// <summary>The place of the recorded error; null if it has none.</summary>
    private int? Place => error?.Stack is { } stack ? OffsetIn(stack) : null;

    /// <summary>The error as it left a function; null if it left none, as the end by a limit.</summary>
    public TracedFailure? Failure
    {
        get
        {
            if (error is null) return null;
            // Several may have the same message. The statement that holds the place of the error decides, or else the last failure.
            TracedFailure[] same = [.. trace.Failures.Where((failure) => IsIts(failure.Message))];
            return same.LastOrDefault((failure) => Place is { } place && Holds(Of(failure.Statement), place)) ?? same.LastOrDefault()
                ?? (trace.Failures is [.., var last] ? last : null);
        }
    }

    /// <summary>The statement that failed, its line, and its step; null if they are unknown.</summary>
    public (TracedStatement Statement, int Line, TracedStep? Step)? Failed
    {
        get
        {
            if (error is null || trace.Statements.IsEmpty) return null;
            TracedStatement? there = Place is { } place ? Innermost(place) : null;
            if (Failure is { } failure)
            {
                TracedStatement left = Of(failure.Statement);
                // The default of a parameter and the value of a field are no statements: such an error is noted at the caller's statement. The place of the
                // error itself is more exact.
                if (there is { IsHead: true }) return (there, LineOf(Place!.Value), null);
                return (left, Place is { } inside && Holds(left, inside) ? LineOf(inside) : LineOf(left.Start), trace.StepAt(failure.Step));
            }

            if (there is not null) return (there, LineOf(Place!.Value), trace.Steps.LastOrDefault((step) => step.Statement == there.Id));
            return trace.Steps.LastOrDefault() is { } last ? (Of(last.Statement), LineOf(Of(last.Statement).Start), last) : null;
        }
    }

    public TracedStatement Of(int id) => trace.Statements[id - 1];

    public int LineOf(int offset) => _lines.At(offset).Line;

    /// <summary>The statement on one line.</summary>
    public string Text(TracedStatement statement) => OneLine(statement.Start, statement.End, MaxStatement);

    /// <summary>The values of a step by name. A value after the step replaces the one before it, and the value of a part replaces both.</summary>
    public Dictionary<string, string> Values(TracedStep step)
    {
        TracedStatement statement = Of(step.Statement);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(values, step.Round > 0 ? statement.NamesAfter : statement.Names, step.Before);
        if (step.After is not null) Add(values, statement.NamesAfter, step.After);
        foreach ((int part, string value) in step.Parts.Where((part) => part.Key >= 0 && part.Key < statement.Parts.Length))
        {
            (int start, int end) = statement.Parts[part];
            values[OneLine(start, end, MaxPart)] = RunTrace.Cut(value);
        }

        return values;
    }

    /// <summary>The steps to show. Of a loop's rounds these are the first and the last two.</summary>
    public List<ExplainedStep> Steps()
    {
        var kept = new List<TracedStep>();
        foreach (TracedStep step in trace.Steps)
        {
            if (step.Round > 3) DropRound(kept, step);
            kept.Add(step);
        }

        return [.. kept.Select(Shown)];
    }

    /// <summary>Drops the round before the last round of this loop, unless it is the first round.</summary>
    private static void DropRound(List<TracedStep> kept, TracedStep next)
    {
        int last = kept.FindLastIndex((step) => step.Statement == next.Statement);
        if (last < 1 || kept[last].Round != next.Round - 1) return;
        int before = kept.FindLastIndex(last - 1, (step) => step.Statement == next.Statement);
        if (before >= 0 && kept[before].Round == next.Round - 2) kept.RemoveRange(before, last - before);
    }

    private ExplainedStep Shown(TracedStep step)
    {
        TracedStatement statement = Of(step.Statement);
        return new ExplainedStep
        {
            Number = step.Number,
            Line = LineOf(statement.Start),
            Statement = Text(statement),
            Function = statement.Function.Length == 0 ? null : statement.Function,
            Values = Values(step),
            Branch = step.Branch,
            Round = step.Round > 0 ? step.Round : null,
            Calls = step.Calls,
            Printed = step.Printed,
        };
    }

    private static void Add(Dictionary<string, string> values, IReadOnlyList<string> names, string?[] found)
    {
        for (int i = 0; i < Math.Min(names.Count, found.Length); i++)
        {
            if (found[i] is { } value) values[names[i]] = RunTrace.Cut(value);
        }
    }

    private string OneLine(int start, int end, int most)
    {
        ReadOnlySpan<char> text = code.AsSpan(start, Math.Min(end, code.Length) - start);
        // White space between the words of a long statement is shortened to one blank.
        string line = string.Join(' ', text[..Math.Min(text.Length, most * 4)].ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= most ? line : line[..most] + "…";
    }

    private bool IsIts(string message)
    {
        // Do not compare names: a thrown value that is not an error has no name.
        string whole = error!.Message.Length <= MaxMessage ? error.Message : error.Message[..MaxMessage];
        return message == whole || message.Contains("__ag_t", StringComparison.Ordinal);
    }

    private static bool Holds(TracedStatement statement, int place) => place >= statement.Start && place < statement.End;

    private TracedStatement? Innermost(int place) =>
        trace.Statements.Where((statement) => Holds(statement, place)).MinBy((statement) => statement.End - statement.Start);

    private int? OffsetIn(string stack) => ErrorModelText.PlaceOf(stack) is ( >= 1 and var line, >= 1 and var column)
        && _lines.Offset(line, column - 1) is var offset && offset >= 0 && offset <= code.Length ? offset : null;
}
