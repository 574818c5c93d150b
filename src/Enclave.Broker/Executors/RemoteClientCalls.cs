using System.Collections.Concurrent;
using System.Text.Json;
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

    /// <summary>Ends a call that is over at the runtime. A later answer is refused.</summary>
    public void Close(string callId)
    {
        if (_waiting.TryRemove(callId, out TaskCompletionSource<ScriptValue>? answer)) answer.SetException(ToolFault.Of(ToolCode.Timeout, "the call is over"));
    }

    /// <summary>Ends all calls when the run is over.</summary>
    public void CloseAll()
    {
        foreach (string call in _waiting.Keys) Close(call);
    }
}
