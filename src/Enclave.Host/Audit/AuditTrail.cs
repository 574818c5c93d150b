using System.Text;
using Enclave.Diagnostics;
using Enclave.Protocol;
using Enclave.Protocol.Values;
using Enclave.Runs;

namespace Enclave.Audit;

/// <summary>The records of one run: one for each tool call, then one for the run.</summary>
/// <param name="log">The log that takes the records.</param>
/// <param name="run">The common part of all records.</param>
internal sealed class AuditTrail(AuditLog log, AuditRecord run) : IRunObserver
{
    private static readonly string s_suspended = ErrorCode.Suspended.ToCode();

    private readonly Lock _gate = new();
    private readonly Dictionary<uint, (AuditRecord Record, long Start)> _pending = [];
    private int _calls;
    private bool _ended;

    public void Take(ExecutionJob job, ExecutionEvent happened)
    {
        if (happened is ToolCallEvent call) Called(call);
        else if (happened is ToolResultEvent answer) Answered(answer);
    }

    /// <summary>A call that is still open gets its record when it is answered.</summary>
    public void TakeRepeated(ExecutionJob job, ExecutionEvent happened, Repetition repetition)
    {
        if (repetition == Repetition.Open && happened is ToolCallEvent call) Called(call);
    }

    public void Settled(ExecutionJob job, ExecutionResult? result) =>
        End(result is null ? TelemetryNames.CallerCancelled : result.Error?.Code.ToCode() ?? "OK",
            result?.Stats ?? job.Session?.Measured ?? new ExecutionStats { QueueWait = job.QueueWait });

    /// <summary>Records a run that never became a job.</summary>
    public void Refused(string outcome) => End(outcome, new ExecutionStats());

    private void Called(ToolCallEvent call)
    {
        AuditRecord record = WithArguments(run with { Kind = AuditRecordKind.ToolCall, Call = call.Call, Tool = call.Name }, call.Args);
        lock (_gate)
        {
            // The call crossed the end of the run: no tool is called any more.
            if (_ended) return;
            _calls++;
            _pending.Add(call.Call, (record, log.Clock.GetTimestamp()));
        }
    }

    private void Answered(ToolResultEvent answer)
    {
        lock (_gate)
        {
            if (!_pending.Remove(answer.Call, out (AuditRecord Record, long Start) pending)) return;
            Add(pending, answer.Failure is null ? "OK" : ErrorCode.ToolError.ToCode(), answer.Failure?.Code);
        }
    }

    private void End(string outcome, ExecutionStats stats)
    {
        lock (_gate)
        {
            if (_ended) return;
            _ended = true;
            string left = outcome == s_suspended ? outcome : "ABANDONED";
            foreach ((_, (AuditRecord Record, long Start) pending) in _pending.OrderBy((call) => call.Key)) Add(pending, left, null);
            _pending.Clear();
            log.Add(run with
            {
                Time = log.Clock.GetUtcNow(),
                Outcome = outcome,
                QueueWait = stats.QueueWait,
                Duration = stats.Duration,
                CpuTime = stats.CpuTime,
                ToolCalls = _calls,
                WorkerId = stats.WorkerId,
                Isolation = stats.Isolation,
            });
        }
    }

    private void Add(in (AuditRecord Record, long Start) call, string outcome, string? code) => log.Add(call.Record with
    {
        Time = log.Clock.GetUtcNow(),
        Outcome = outcome,
        ToolErrorCode = code,
        Duration = log.Clock.GetElapsedTime(call.Start),
    });

    /// <summary>Serialized when the call arrives, so that no value of a script waits in a queue.</summary>
    private AuditRecord WithArguments(AuditRecord record, ScriptValue args)
    {
        AuditOptions options = log.Options;
        using var json = new JsonDigest(options.Arguments == AuditArguments.Full ? options.MaxArgumentBytes : -1);
        JsonExport.WriteUtf8(json, args);
        byte[]? whole = json.Whole;
        return record with
        {
            ArgumentBytes = (int)Math.Min(json.Length, int.MaxValue),
            Arguments = whole is null ? null : Encoding.UTF8.GetString(whole),
            ArgumentsSha256 = options.Arguments == AuditArguments.Omit || whole is not null ? null : Convert.ToHexStringLower(json.Sha256),
        };
    }
}
