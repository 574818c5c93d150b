using Enclave.Outcomes;

namespace Enclave.Explaining;

/// <summary>The timeline of a recording.</summary>
internal static class RunTimeline
{
    private const int MaxEntries = 1000;

    /// <param name="recording">The recording.</param>
    /// <param name="lineOf">The line of a call or a console line, by its place among them; null if no trace shows it.</param>
    public static List<ExplainedEvent> Of(ExecutionRecording recording, Func<int, int?> lineOf)
    {
        long start = recording.StartTime.ToUnixTimeMilliseconds(), now = start;
        int number = 0;
        var all = new Queue<ExplainedEvent>();
        foreach (ExecutionEvent happened in recording.Events)
        {
            if (happened is ToolResultEvent { ScriptTime: { } time }) now = time;
            int? line = happened is ToolResultEvent ? null : lineOf(number++);
            if (TimerCall.Is(happened) || Shown(happened) is not var (kind, text, call)) continue;
            all.Enqueue(new ExplainedEvent { Kind = kind, At = TimeSpan.FromMilliseconds(now - start), Text = RunTrace.Cut(text), Call = call, Line = line });
            if (all.Count >= MaxEntries) all.Dequeue();
        }

        string end = recording.Result.Error is { } error ? $"{error.Code.ToCode()}: {error.Name}: {error.Message}" : $"the value {recording.Result.Value}";
        return [.. all, new ExplainedEvent { Kind = "end", At = TimeSpan.FromMilliseconds(now - start), Text = RunTrace.Cut(end) }];
    }

    private static (string Kind, string Text, int? Call)? Shown(ExecutionEvent happened) => happened switch
    {
        ToolCallEvent call => ("call", $"{call.Name} {call.Args}", (int)call.Call),
        ToolResultEvent { Failure: { } failure } answer => ("failure", $"{failure.Name}: {failure.Message}", (int)answer.Call),
        ToolResultEvent answer => ("answer", $"{answer.Value}", (int)answer.Call),
        ConsoleEvent line => ("console", $"{ConsoleMethods.NameOf(line.Level)}: {line.Text}", null),
        _ => null,
    };
}
