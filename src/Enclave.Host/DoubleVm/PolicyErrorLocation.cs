using System.Globalization;
using System.Text.RegularExpressions;
using Enclave.Runs;

namespace Enclave.DoubleVm;

/// <summary>
/// Describes an error in a policy for the log: its kind and the policy's own line. Its message, and even its name, may contain data of the script.
/// </summary>
internal static partial class PolicyErrorLocation
{
    private static readonly string[] s_kinds =
        ["TypeError", "RangeError", "ReferenceError", "SyntaxError", "EvalError", "URIError", "AggregateError", "SuppressedError"];

    /// <param name="stack">The stack from the engine, or one that the policy made up.</param>
    /// <param name="job">The outer run, which knows the position of the policy's text; null if it is not known yet.</param>
    public static string Of(string stack, ExecutionJob? job)
    {
        string kind = s_kinds.FirstOrDefault((name) => stack.StartsWith(name, StringComparison.Ordinal)) ?? "Error";
        foreach (Match frame in Frame().Matches(stack))
        {
            if (!int.TryParse(frame.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out int line)
                || !int.TryParse(frame.Groups[2].ValueSpan, CultureInfo.InvariantCulture, out int column)) continue;
            if (job?.Script.Original(line, column - 1) is { } place) return $"{kind} at {OuterVm.SourceName}:{place.Line}:{place.Column + 1}";
        }

        return kind;
    }

    /// <summary>Describes the end of an outer run for the log.</summary>
    public static string Of(ExecutionError error)
    {
        string kind = s_kinds.Contains(error.Name) ? error.Name : "Error";
        return error.Stack is { } stack && Frame().Match(stack) is { Success: true } frame ? $"{kind} at {frame.Value}" : kind;
    }

    [GeneratedRegex(@"policy\.js:([0-9]{1,7}):([0-9]{1,7})", RegexOptions.CultureInvariant)]
    private static partial Regex Frame();
}
