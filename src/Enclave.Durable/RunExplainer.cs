using Enclave.Explaining;
using Enclave.Guard.Tracing;

namespace Enclave;

// An explanation replays the recording twice. The first replay counts the steps and finds the statement that failed. The second one reports the last steps,
// and that statement with its parts: runs are repeatable, so the same step comes again. Almost all of a run's steps take part in neither: a count is all.

/// <summary>Explains recorded runs by replays of their traced programs.</summary>
internal static class RunExplainer
{
    public static async Task<RunExplanation> ExplainAsync(HostParts host, ExecutionRecording recording, CancellationToken cancellationToken)
    {
        ExecutionError? error = recording.Result.Error;
        var first = RunTrace.OfErrors(endsWhereItStrays: error?.Code == ErrorCode.OutputLimit);
        ReplayReport report = await RecordingFeature.ReplayAsync(host, recording, first, cancellationToken).ConfigureAwait(false);
        if (first.Count == 0) return Explanation(recording, first, report);
        RunTrace last = Last(new TraceReading(recording.Code, first, error), first);
        report = await RecordingFeature.ReplayAsync(host, recording, last, cancellationToken).ConfigureAwait(false);
        if (last.HasStrayed && !first.HasStrayed && last.HasParts)
        {
            // The script read the message of an error, which named code of the trace. Without the reports of parts the message is as recorded.
            last = last.WithoutParts();
            report = await RecordingFeature.ReplayAsync(host, recording, last, cancellationToken).ConfigureAwait(false);
        }

        return Explanation(recording, last, report);
    }

    /// <summary>The trace of the last steps, and of the statement that failed.</summary>
    private static RunTrace Last(TraceReading reading, RunTrace first)
    {
        int from = Math.Max(1, first.Count - RunTrace.MaxSteps + 1);
        return new RunTrace(from, reading.Failure?.Step ?? 0, reading.Failed?.Statement.Id ?? 0) { EndsWhereItStrays = first.EndsWhereItStrays };
    }

    private static RunExplanation Explanation(ExecutionRecording recording, RunTrace last, ReplayReport report)
    {
        var reading = new TraceReading(recording.Code, last, recording.Result.Error);
        var failed = reading.Failed;
        int? LineOf(int number) => last.StatementOf(number) is > 0 and var id ? reading.LineOf(reading.Of(id).Start) : null;
        return new RunExplanation
        {
            Error = recording.Result.Error,
            Line = failed?.Line,
            Statement = failed is null ? null : reading.Text(failed.Value.Statement),
            Function = failed is { Statement.Function: { Length: > 0 } function } ? function : null,
            Values = failed?.Step is { } step ? reading.Values(step) : [],
            Steps = reading.Steps(),
            StepCount = last.Count,
            Timeline = RunTimeline.Of(recording, LineOf),
            Notes = [.. Notes(recording, last, report)],
        };
    }

    private static IEnumerable<string> Notes(ExecutionRecording recording, RunTrace trace, ReplayReport report)
    {
        foreach (string warning in report.Warnings) yield return warning;
        if (!trace.IsTraced)
            yield return "there is no trace: the script did not begin, or cannot be traced (docs/explain.md)";
        else if (report.Difference is { } difference && !trace.EndsWhereItStrays && recording.Result.Error?.Code != ErrorCode.Timeout)
            yield return $"the replay differs: {difference}";
    }
}
