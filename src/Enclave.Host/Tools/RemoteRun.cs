using Enclave.Execution;
using Enclave.Protocol;
using Enclave.Protocol.Values;
using Microsoft.Extensions.Logging;

namespace Enclave.Tools;

/// <summary>The tool calls of one script that runs on another machine. Disposing it is the run's end: tools have their token cancelled, and none begins any more.</summary>
internal sealed class RemoteRun(ExecutionJob job, OutsidePort outside, ILogger log) : IDisposable
{
    private readonly Lock _order = new();
    private readonly CancellationTokenSource _ended = new();
    private uint _calls;

    /// <summary>Calls that were made.</summary>
    public int Calls => (int)Volatile.Read(ref _calls);

    /// <summary>Makes one call. Never throws: a failure is the script's to see.</summary>
    public Task<ToolOutcome> CallAsync(string name, ScriptValue args) => CallAsync(name, args, null);

    /// <summary>Makes one call that somebody else answers than a tool here, judged as any other. Never throws.</summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="args">What it is called with.</param>
    /// <param name="ask">Gets the answer; its token is cancelled when the run ends. Called before this method returns, or never.</param>
    public Task<ToolOutcome> AskAsync(string name, ScriptValue args, Func<CancellationToken, Task<ScriptValue>> ask) => CallAsync(name, args, ask);

    public void Dispose()
    {
        job.TrySettle(ResultBuilder.Failure(new ExecutionError { Code = ErrorCode.Cancelled, Name = ErrorCode.Cancelled.ToCode(), Message = "the run has ended" }, new ExecutionStats(), ""));
        _ended.Cancel();
        _ended.Dispose();
    }

    private async Task<ToolOutcome> CallAsync(string name, ScriptValue args, Func<CancellationToken, Task<ScriptValue>>? ask)
    {
        long start = Workers.Clock.Microseconds;
        try
        {
            ScriptValue value = await Begin(name, args, ask).ConfigureAwait(false);
            int bytes = ScriptValueCodec.Encode(value).Length, limit = job.Limits.MaxValueBytes;
            if (bytes <= limit) return new ToolOutcome(value, null, Took());
            return Failed(new ToolFailure("RangeError", $"the result of {name} is {bytes} bytes; the limit is {limit}", ToolCode.ResultTooLarge));
        }
        catch (ToolException fault)
        {
            return Failed(new ToolFailure(fault.Name, fault.Message, fault.Code));
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // Nobody waits for the answer any more: that is no failure of the tool.
            return Failed(new ToolFailure("Error", "the run has ended", null));
        }
#pragma warning disable CA1031 // A tool may fail with anything; the script gets its message, and the run goes on.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Diagnostics.Log.ToolFailed(log, name, fault);
            return Failed(new ToolFailure("Error", fault.Message, null));
        }

        TimeSpan Took() => Workers.Clock.Time(Workers.Clock.Microseconds - start);

        ToolOutcome Failed(ToolFailure failure) => new(ScriptValue.Undefined, failure, Took());
    }

    private ValueTask<ScriptValue> Begin(string name, ScriptValue args, Func<CancellationToken, Task<ScriptValue>>? ask)
    {
        ToolInvocation call;
        // Judged one by one, in the order they came.
        lock (_order)
        {
            call = new ToolInvocation(job, ++_calls, name, args, new ToolContext(job.Options?.Context, job.Options?.Tenant, job.SourceName, _ended.Token));
            foreach (RunObserver observer in job.Observers) observer.OnToolCall(job, call);
        }

        if (ask is not null) outside.Leave(call.Id, ask);
        return job.Tools.CallAsync(call);
    }
}
