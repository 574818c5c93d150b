using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;
using Enclave.Testing.Scripts;

namespace Enclave.Testing;

/// <summary>The actions of a script, for the test that simulates it.</summary>
public sealed class FakeScript
{
    private readonly IScriptOutput _output;
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, TaskCompletionSource<ScriptValue>> _pending = [];
    private readonly CancellationTokenSource _ended;
    private uint _calls;
    private int _consoleCalls;
    private bool _closed;

    internal FakeScript(IScriptOutput output, ScriptRun run, ulong jobId, RunLimits limits, ScriptValue globals, CancellationTokenSource ended)
    {
        (_output, Run, JobId, Limits, Globals, _ended) = (output, run, jobId, limits, globals, ended);
        Ended = _ended.Token;
    }

    /// <summary>The script and its options.</summary>
    public ScriptRun Run { get; }

    /// <summary>The globals of the script: an object.</summary>
    public ScriptValue Globals { get; }

    /// <summary>Cancelled when the run has ended.</summary>
    public CancellationToken Ended { get; }

    internal ulong JobId { get; }

    internal RunLimits Limits { get; }

    /// <summary>Why it was stopped; none if it was not. Catching the exception does not undo it, as in a script.</summary>
    internal StopReason Stopped { get; private set; }

    /// <summary>Calls a tool and waits for its answer, like <c>await callTool(name, args)</c>.</summary>
    /// <param name="name">The tool.</param>
    /// <param name="args">An object for <see cref="ScriptValue.From"/>; null for <c>{}</c>.</param>
    /// <returns>The tool's answer.</returns>
    /// <exception cref="ToolException">The tool failed, as the script would see it.</exception>
    /// <exception cref="OperationCanceledException">The run has ended.</exception>
    public Task<ScriptValue> CallAsync(string name, object? args = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ScriptValue value = ScriptValue.From(args ?? new Dictionary<string, object?>());
        if (value.Kind != ScriptValueKind.Object) throw new ArgumentException($"The arguments of a tool must be an object, not {value.Kind}.", nameof(args));
        byte[] payload = ScriptValueCodec.Encode(value);
        var answer = new TaskCompletionSource<ScriptValue>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_closed) return Task.FromCanceled<ScriptValue>(new CancellationToken(canceled: true));
            if (_calls >= Limits.MaxToolCalls) throw Stop(StopReason.ToolCalls);
            if (_pending.Count >= Limits.MaxPendingToolCalls) throw Stop(StopReason.PendingToolCalls);
            uint id = ++_calls;
            _pending.Add(id, answer);
            // Under the lock, because the host requires calls in the order of their ids.
            _output.SendToolCall(JobId, id, name, payload);
        }

        return answer.Task;
    }

    /// <summary>Writes a line to the console.</summary>
    public void Print(string line, ConsoleLevel level = ConsoleLevel.Log)
    {
        ArgumentNullException.ThrowIfNull(line);
        lock (_gate)
        {
            if (_closed) return;
            if (++_consoleCalls > Limits.MaxConsoleCalls) throw Stop(StopReason.ConsoleCalls);
            _output.SendLine(JobId, level, line);
        }
    }

    internal StoppedException Stop(StopReason reason)
    {
        Stopped = reason;
        return new StoppedException();
    }

    internal void Answer(in ToolResultMessage result)
    {
        TaskCompletionSource<ScriptValue>? answer;
        lock (_gate)
        {
            if (!_pending.Remove(result.CallId, out answer)) return;
        }

        if (result.Kind == ToolResultKind.Value) answer.TrySetResult(PayloadReader.ReadValue(result.Payload));
        else answer.TrySetException(PayloadReader.ReadFailure(result.Payload));
    }

    /// <summary>Stops all sending for this script, and cancels its waiting calls.</summary>
    internal void Close()
    {
        TaskCompletionSource<ScriptValue>[] left;
        lock (_gate)
        {
            _closed = true;
            left = [.. _pending.Values];
            _pending.Clear();
        }

        foreach (TaskCompletionSource<ScriptValue> answer in left) answer.TrySetCanceled();
        _ = _ended.CancelAsync();
    }
}
