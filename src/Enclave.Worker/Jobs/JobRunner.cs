using Enclave.Protocol;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Worker.Engine;
using Enclave.Worker.Pipes;

namespace Enclave.Worker.Jobs;

/// <summary>Runs one job from its execute frame to its result frame.</summary>
internal sealed class JobRunner(FramePipe pipe, IScriptEngine engine, JobBudget budget, Outbox outbox, Watchdog watchdog)
{
    public void Run(in ExecuteMessage job)
    {
        long deadline = Libc.Microseconds(Libc.ClockMonotonic) + job.Limits.TimeoutMicroseconds;
        outbox.Begin(job.JobId);
        budget.Begin(job.Limits);
        watchdog.Begin(job.JobId, deadline, job.Limits.CpuMicroseconds);
        using IScriptIsolate isolate = engine.Take(job.Limits.MemoryBytes);
        ScriptStep step = Watched(isolate, job);
        while (step.Status == RunStatus.Pending)
        {
            outbox.Flush();
            step = Answer(isolate, job.JobId);
        }

        var usage = new RunUsage(watchdog.CpuUsed, budget.ToolCalls, step.Iterations, engine.Ready);
        outbox.Finish(step, usage);
    }

    private ScriptStep Watched(IScriptIsolate isolate, in ExecuteMessage job)
    {
        watchdog.Enter(isolate);
        ScriptStep step = isolate.Run(job);
        watchdog.Leave();
        return step;
    }

    /// <summary>Waits for the next frame of this job and goes on with it.</summary>
    private ScriptStep Answer(IScriptIsolate isolate, ulong jobId)
    {
        OwnedFrame? frame = pipe.Read(watchdog.Deadline, out bool timedOut);
        if (timedOut) return Stopped(StopReason.Deadline);
        if (frame is null)
        {
            Libc._exit((int)ExitCode.Orphan);
            return default;
        }

        switch (frame.Value.Type)
        {
            case FrameType.ToolResult:
                ToolResultMessage result = ToolResultMessage.Read(frame.Value.Body);
                if (result.JobId != jobId) throw ProtocolException.At(0, $"a tool result for job {result.JobId} while job {jobId} runs");
                budget.Answered();
                if (result.HasTime) isolate.SetTime(result.Milliseconds);
                watchdog.Enter(isolate);
                ScriptStep step = result.Kind == ToolResultKind.Value
                    ? isolate.Resolve(result.CallId, result.Payload.Span)
                    : isolate.Reject(result.CallId, result.Payload.Span);
                watchdog.Leave();
                return step;
            case FrameType.Cancel:
                return CancelMessage.Read(frame.Value.Body).JobId == jobId ? Stopped(StopReason.Cancelled) : default;
            case FrameType.Deadline:
                watchdog.Heed(DeadlineMessage.Read(frame.Value.Body));
                return default;
            default:
                throw ProtocolException.At(0, $"a {frame.Value.Type} frame while a job runs");
        }
    }

    private static ScriptStep Stopped(StopReason reason) => new() { Status = RunStatus.Stopped, Reason = reason };
}
