using System.Globalization;
using Enclave.Cli.Commands;
using Enclave.Cli.Terminals;

namespace Enclave.Cli.Explain;

/// <summary>Prints an explanation as text.</summary>
internal sealed class ExplanationPrinter(Channel output)
{
    private const int MaxSteps = 25;
    private const int MaxEvents = 40;
    private const int MaxColumn = 40;

    public void Print(RunExplanation explanation)
    {
        output.WriteLine("timeline", Ink.Key);
        foreach (ExplainedEvent entry in Last(explanation.Timeline, MaxEvents, "event")) Print(entry);
        if (explanation.Error is not null) PrintFailure(explanation);
        output.WriteLine("");
        output.WriteLine($"last steps of {explanation.StepCount.ToString(CultureInfo.InvariantCulture)}", Ink.Key);
        foreach (ExplainedStep step in Last(explanation.Steps, MaxSteps, "step")) Print(step);
    }

    private IEnumerable<T> Last<T>(IReadOnlyList<T> all, int most, string noun)
    {
        if (all.Count > most) output.WriteLine($"  … {Plural.Of(all.Count - most, noun)} before; --json has more", Ink.Faint);
        return all.Skip(all.Count - most);
    }

    private void Print(ExplainedEvent entry)
    {
        string kind = entry.Call is { } call ? $"{entry.Kind} {call}" : entry.Kind;
        string line = entry.Line is { } at ? $"  (line {at})" : "";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {entry.At.TotalMilliseconds,8:0} ms  {kind,-10}  {OneLine(entry.Text)}{line}"));
    }

    private void PrintFailure(RunExplanation explanation)
    {
        ExecutionError error = explanation.Error!;
        output.WriteLine("");
        output.WriteLine($"{error.Code.ToCode()}: {error.Name}: {error.Message}", Ink.Error);
        if (explanation.Line is not { } line) return;
        output.WriteLine($"line {line}{(explanation.Function is { } function ? $", in {function}" : "")}");
        output.WriteLine($"    {explanation.Statement}");
        int width = explanation.Values.Count == 0 ? 0 : Math.Min(MaxColumn, explanation.Values.Keys.Max((name) => name.Length));
        foreach ((string name, string value) in explanation.Values) output.WriteLine($"      {name.PadRight(width)}  {value}");
    }

    private void Print(ExplainedStep step)
    {
        string branch = step.Branch is { } taken ? taken ? "  taken" : "  not taken" : "";
        string round = step.Round is { } number ? $"  round {number}" : "";
        output.WriteLine($"  {step.Line,4}  {step.Statement}{round}{branch}");
        string values = string.Join(", ", step.Values.Select((value) => $"{value.Key} = {value.Value}"));
        if (values.Length > 0) output.WriteLine($"          {values}", Ink.Faint);
        foreach (string call in step.Calls) output.WriteLine($"          calls {call}", Ink.Faint);
        foreach (string printed in step.Printed) output.WriteLine($"          prints {OneLine(printed)}", Ink.Faint);
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
