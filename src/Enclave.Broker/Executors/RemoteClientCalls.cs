using System.Collections.Concurrent;
using Enclave.Broker.Sessions;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Tools;

namespace Enclave.Broker.Executors;

/// <summary>The tool calls of a run on a runtime that the client answers itself. The runtime enforces the time limit of each answer.</summary>
internal sealed class RemoteClientCalls : IClientCalls
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<ScriptValue>> _waiting = new(StringComparer.Ordinal);

    public bool AreWaiting => !_waiting.IsEmpty;

    /// <summary>Registers a call and waits for its answer.</summary>
    public Task<ScriptValue> AskAsync(string callId, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<ScriptValue>(TaskCreationOptions.RunContinuationsAsynchronously);
        // A runtime chooses the ids, so they may repeat.
        if (!_waiting.TryAdd(callId, answer)) return Task.FromException<ScriptValue>(ToolFault.Of(ToolCode.Failed, $"call {callId} is already waiting"));
        return answer.Task.WaitAsync(cancellationToken);
    }

    public bool TrySettle(string callId, object answer)
    {
        if (!_waiting.TryRemove(callId, out TaskCompletionSource<ScriptValue>? call)) return false;
        if (answer is ToolException failure) call.SetException(failure);
        else call.SetResult((ScriptValue)answer);
        return true;
    }

    /// <summary>Ends a call that is over at the runtime. A later answer is refused.</summary>
    public void Close(string callId) => TrySettle(callId, ToolFault.Of(ToolCode.Timeout, "the call is over"));

    /// <summary>Ends all calls when the run is over.</summary>
    public void CloseAll()
    {
        foreach (string call in _waiting.Keys) Close(call);
    }
}
