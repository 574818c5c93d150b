using Enclave.Protocol;
using Enclave.Protocol.Values;
using Enclave.Runs;

namespace Enclave.DoubleVm;

/// <summary>A script's call in its outer run. Its state changes under the run's lock.</summary>
internal sealed class OuterCall(ToolInvocation asked)
{
    // Continuations run on the thread that answers, which may be a worker's. They belong to the dispatcher, which sends without waiting.
    private readonly TaskCompletionSource<ScriptValue> _answer = new();

    public ToolInvocation Asked { get; } = asked;

    public OuterCallState State { get; set; } = OuterCallState.Waiting;

    /// <summary>The tool's exception. It stays in the host: the outer isolate only learns that the call failed.</summary>
    public Exception? Fault { get; set; }

    public Task<ScriptValue> Answer => _answer.Task;

    public void Give(ScriptValue value) => _answer.TrySetResult(value);

    public void Fail(Exception fault) => _answer.TrySetException(fault);

    public void Abandon() => _answer.TrySetCanceled();

    /// <summary>The call in the form for the loop in the outer isolate.</summary>
    public ScriptValue Describe()
    {
        var call = new PropertyTable.Builder(5);
        call.Set("name", ScriptValue.OfString(Asked.Name));
        call.Set("args", Asked.Args);
        call.Set("tenant", Asked.Context.Tenant is { } tenant ? ScriptValue.OfString(tenant) : ScriptValue.Null);
        call.Set("sourceName", ScriptValue.OfString(Asked.Context.SourceName));
        call.Set("callNumber", ScriptValue.OfNumber(Asked.Id));
        var next = new PropertyTable.Builder(2);
        next.Set("id", ScriptValue.OfNumber(Asked.Id));
        next.Set("call", ScriptValue.OfObject(call.Build()));
        return ScriptValue.OfObject(next.Build());
    }
}
