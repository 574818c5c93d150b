using System.Collections.Concurrent;
using System.Text.Json;
using Enclave.Broker.Sessions;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Tools;

namespace Enclave.Broker.Executors;

/// <summary>The tool calls of a run on a runtime that its client answers. The runtime holds the time that an answer may take.</summary>
internal sealed class RemoteClientCalls : IClientCalls
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<ScriptValue>> _waiting = new(StringComparer.Ordinal);

    public bool AreWaiting => !_waiting.IsEmpty;

    /// <summary>From now on the call waits for its answer.</summary>
    public Task<ScriptValue> AskAsync(string callId, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<ScriptValue>(TaskCreationOptions.RunContinuationsAsynchronously);
        // Ids are a runtime's claim.
        if (!_waiting.TryAdd(callId, answer)) return Task.FromException<ScriptValue>(ToolFault.Of(ToolCode.Failed, $"a call {callId} waits already"));
        return answer.Task.WaitAsync(cancellationToken);
    }

    public bool TryAnswer(string callId, JsonElement? value)
    {
        ScriptValue read = value is { } given ? ScriptValue.From(given) : ScriptValue.Undefined;
        if (!_waiting.TryRemove(callId, out TaskCompletionSource<ScriptValue>? answer)) return false;
        answer.SetResult(read);
        return true;
    }

    public bool TryFail(string callId, string message, string? code)
    {
        if (!_waiting.TryRemove(callId, out TaskCompletionSource<ScriptValue>? answer)) return false;
        answer.SetException(new ToolException(message) { Code = code });
        return true;
    }

    /// <summary>The call is over at the runtime: an answer that comes now is late.</summary>
    public void Close(string callId)
    {
        if (_waiting.TryRemove(callId, out TaskCompletionSource<ScriptValue>? answer)) answer.SetException(ToolFault.Of(ToolCode.Timeout, "the call is over"));
    }

    /// <summary>The run is over.</summary>
    public void CloseAll()
    {
        foreach (string call in _waiting.Keys) Close(call);
    }
}
