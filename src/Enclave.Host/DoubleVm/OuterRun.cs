using Enclave.Diagnostics;
using Enclave.Protocol;
using Enclave.Protocol.Values;
using Enclave.Runs;
using Microsoft.Extensions.Logging;

namespace Enclave.DoubleVm;

/// <summary>Passes the calls of one script through the policy in an outer isolate, which lives only for this script.</summary>
/// <remarks>
/// A call has one answer: the code that removes it from <see cref="_calls"/> gives the answer. When the outer isolate ends, all remaining and later calls fail:
/// a policy that has lost its state must not decide.
/// </remarks>
internal sealed class OuterRun(string? script, IToolInvoker tools, ILogger log)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, OuterCall> _calls = [];
    private readonly Queue<OuterCall> _waiting = [];
    private readonly Queue<TaskCompletionSource<ScriptValue>> _lanes = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _over;
    private ExecutionJob? _job;

    /// <summary>The job in the outer isolate. When it ends, no call passes any more.</summary>
    public void Follow(ExecutionJob job)
    {
        _job = job;
        _ = WatchAsync(job.Answer);
    }

    /// <summary>Handles a tool call of the script.</summary>
    public Task<ScriptValue> AskAsync(ToolInvocation asked)
    {
        var call = new OuterCall(asked);
        TaskCompletionSource<ScriptValue>? lane;
        lock (_gate)
        {
            if (_over is not null) return Task.FromException<ScriptValue>(PolicyFault.Failure(asked.Name, _over));
            _calls.Add(asked.Id, call);
            if (_lanes.TryDequeue(out lane)) call.State = OuterCallState.Judged;
            else _waiting.Enqueue(call);
        }

        lane?.TrySetResult(call.Describe());
        return call.Answer;
    }

    /// <summary>A lane of the outer isolate delivers its last call's answer and asks for the next call. Null if there will be none.</summary>
    public Task<ScriptValue> NextAsync(ScriptValue report)
    {
        if (report.TryGetProperty("id", out ScriptValue id)) Answer(Take(id), report);
        OuterCall? next;
        lock (_gate)
        {
            if (_over is not null) return Task.FromResult(ScriptValue.Null);
            if (!_waiting.TryDequeue(out next))
            {
                var lane = new TaskCompletionSource<ScriptValue>();
                _lanes.Enqueue(lane);
                return lane.Task;
            }

            next.State = OuterCallState.Judged;
        }

        return Task.FromResult(next.Describe());
    }

    /// <summary>The policy lets a call pass, in the form of the order: the tool is called.</summary>
    public async Task<ScriptValue> CallAsync(ScriptValue order)
    {
        ScriptValue name = order["name"], args = order["args"];
        if (name.Kind != ScriptValueKind.String || name.AsString().Length is 0 or > 256 || args.Kind != ScriptValueKind.Object)
            throw new ToolException("a call is { id, name, args }");
        OuterCall? call;
        lock (_gate)
        {
            if (_over is not null) return ScriptValue.Null;
            call = Find(order["id"]);
            // A script's call is made only once, even if the outer isolate misbehaves.
            if (call?.State != OuterCallState.Judged) throw new ToolException("no such call");
            call.State = OuterCallState.Made;
        }

        ToolInvocation asked = call.Asked;
        var outcome = new PropertyTable.Builder(1);
        try
        {
            Task<ScriptValue> made = tools.CallAsync(new ToolInvocation(asked.Job, asked.Id, name.AsString(), args, asked.Context) { Memory = asked.Memory })
                .AsTask();
            if (!made.IsCompleted && await Task.WhenAny(made, _ended.Task).ConfigureAwait(false) != made)
            {
                _ = made.ContinueWith((task) => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                return ScriptValue.Null;
            }

            outcome.Set("value", await made.ConfigureAwait(false));
        }
#pragma warning disable CA1031 // A tool may fail with anything; its own words reach the script through the dispatcher.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            call.Fault = fault;
            outcome.Set("failed", ScriptValue.True);
        }

        lock (_gate) call.State = OuterCallState.Answered;
        return ScriptValue.OfObject(outcome.Build());
    }

    /// <summary>The script has its answer: the remaining calls are dropped, and the loop in the outer isolate ends.</summary>
    public void End()
    {
        foreach (OuterCall call in Close("the run has ended") ?? []) call.Abandon();
    }

    private void Answer(OuterCall call, ScriptValue report)
    {
        string tool = call.Asked.Name;
        if (report.TryGetProperty("failed", out ScriptValue stack))
        {
            Diagnostics.Log.PolicyThrew(
                log, LogText.Name(script), PolicyErrorLocation.Of(stack.Kind == ScriptValueKind.String ? stack.AsString() : "", _job));
            call.Fail(PolicyFault.Failure(tool, "it threw, or gave no verdict"));
        }
        else if (report.TryGetProperty("refused", out ScriptValue reason))
        {
            call.Fail(PolicyFault.Refusal(tool, reason));
        }
        else if (report.TryGetProperty("large", out _))
        {
            call.Fail(PolicyFault.TooLarge(tool));
        }
        else if (call.State == OuterCallState.Answered && call.Fault is { } fault)
        {
            call.Fail(fault);
        }
        else if (call.State == OuterCallState.Answered && report.TryGetProperty("value", out ScriptValue value))
        {
            call.Give(value);
        }
        else
        {
            call.Fail(PolicyFault.Failure(tool, "it gave no answer"));
        }
    }

    private OuterCall Take(ScriptValue id)
    {
        lock (_gate)
        {
            OuterCall? call = Find(id);
            // A call that no lane has taken cannot be answered.
            if (call is null or { State: OuterCallState.Waiting }) throw new ToolException("no such call");
            _calls.Remove(call.Asked.Id);
            return call;
        }
    }

    private OuterCall? Find(ScriptValue id) =>
        id.Kind == ScriptValueKind.Number && id.AsDouble() is >= 1 and <= uint.MaxValue and var number ? _calls.GetValueOrDefault((uint)number) : null;

    /// <summary>Waits for the end of the outer isolate. The remaining calls fail if the host did not close the run before.</summary>
    private async Task WatchAsync(Task<ExecutionResult> answer)
    {
        ExecutionError? error = null;
        try
        {
            error = (await answer.ConfigureAwait(false)).Error;
        }
        catch (OperationCanceledException)
        {
        }

        string why = $"it ended ({error?.Code.ToCode() ?? ErrorCode.Cancelled.ToCode()})";
        if (Close(why) is not { } left) return;
        Diagnostics.Log.PolicyEnded(log, LogText.Name(script), error?.Code.ToCode() ?? "no error", error is null ? "" : PolicyErrorLocation.Of(error));
        foreach (OuterCall call in left) call.Fail(PolicyFault.Failure(call.Asked.Name, why));
    }

    /// <summary>Closes the run: no call passes any more. Returns the remaining calls; null if it was already closed.</summary>
    private OuterCall[]? Close(string why)
    {
        OuterCall[] left;
        TaskCompletionSource<ScriptValue>[] lanes;
        lock (_gate)
        {
            if (_over is not null) return null;
            _over = why;
            (left, lanes) = ([.. _calls.Values], [.. _lanes]);
            _calls.Clear();
            _waiting.Clear();
            _lanes.Clear();
        }

        _ended.TrySetResult();
        foreach (TaskCompletionSource<ScriptValue> lane in lanes) lane.TrySetResult(ScriptValue.Null);
        return left;
    }
}
