using Enclave.Explaining;
using Enclave.Guard.Tracing;

namespace Enclave;

// An explanation replays the recording once or twice. The first replay reports the first steps, their number, and the statement that failed. That is all if
// there are no more steps than are kept, and the statement has only names. Otherwise the second one reports the last steps, and the parts of that statement:
// runs are repeatable, so the same step comes again.

/// <summary>Explains recorded runs by replays of their traced programs.</summary>
/// <param name="pipeline">Replays them.</param>
internal sealed class RunExplainer(RunPipeline pipeline)
{
    public async Task<RunExplanation> ExplainAsync(ExecutionRecording recording, CancellationToken cancellationToken)
    {
        ExecutionError? error = recording.Result.Error;
        var first = new RunTrace { EndsWhereItStrays = error?.Code == ErrorCode.OutputLimit };
        ReplayReport report = await pipeline.ReplayAsync(recording, first, cancellationToken).ConfigureAwait(false);
        RunTrace last = first;
        if (Again(new TraceReading(recording.Code, first, error), first) is { } again)
        {
            RunTrace second = again;
            ReplayReport repeated = await pipeline.ReplayAsync(recording, second, cancellationToken).ConfigureAwait(false);
            if (second.HasStrayed && !first.HasStrayed && second.HasParts)
            {
                // The script saw a message that names the trace. Without the parts it sees what it saw.
                second = second.WithoutParts();
                repeated = await pipeline.ReplayAsync(recording, second, cancellationToken).ConfigureAwait(false);
            }

            if (second.Steps.Count > 0) (last, report) = (second, repeated);
        }

        return Explanation(recording, first, last, report);
    }

    /// <summary>The second trace; null if the first one has everything.</summary>
    private static RunTrace? Again(TraceReading reading, RunTrace first)
    {
        if (first.Statements.IsEmpty || first.Steps.Count == 0) return null;
        TracedStatement? statement = reading.Failed?.Statement;
        int parts = statement is { HasParts: true } ? statement.Id : 0;
        if (first.Count <= RunTrace.MaxSteps && parts == 0) return null;
        int from = Math.Max(1, first.Count - RunTrace.MaxSteps + 1);
        return new RunTrace(from, reading.Failure?.Step ?? 0, parts) { EndsWhereItStrays = first.EndsWhereItStrays };
    }

    private static RunExplanation Explanation(ExecutionRecording recording, RunTrace first, RunTrace last, ReplayReport report)
    {
        var reading = new TraceReading(recording.Code, last, recording.Result.Error);
        var failed = reading.Failed;
        int? LineOf(int number) => last.StatementOf(number) is var id and > 0 || (id = first.StatementOf(number)) > 0
            ? reading.LineOf(reading.Of(id).Start) : null;
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
        if (trace.Statements.IsEmpty)
            yield return "there is no trace: the script did not begin, or cannot be traced (docs/explain.md)";
        else if (report.Difference is { } difference && !trace.EndsWhereItStrays && recording.Result.Error?.Code != ErrorCode.Timeout)
            yield return $"the replay differs: {difference}";
    }
}
