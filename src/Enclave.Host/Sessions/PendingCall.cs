using Enclave.Protocol;

namespace Enclave.Sessions;

/// <summary>A tool call that is answered from outside. The first answer wins.</summary>
internal sealed class PendingCall(PendingToolCall call, ITimer timer)
{
    private readonly TaskCompletionSource<ScriptValue> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PendingToolCall Call => call;

    public Task<ScriptValue> Answer => _answer.Task;

    public bool IsSettled => _answer.Task.IsCompleted;

    public bool TrySettle(ScriptValue value) => Ended(_answer.TrySetResult(value));

    public bool TryFail(ToolException failure)
    {
        if (!_answer.TrySetException(failure)) return Ended(false);
        // If the run has ended, no caller reads the exception: reading it here prevents an unobserved one.
        _ = _answer.Task.Exception;
        return Ended(true);
    }

    public bool TryAbandon() => Ended(_answer.TrySetCanceled());

    private bool Ended(bool first)
    {
        timer.Dispose();
        return first;
    }
}
