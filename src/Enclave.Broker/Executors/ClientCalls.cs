using Enclave.Broker.Sessions;

namespace Enclave.Broker.Executors;

/// <summary>The tool calls of a run on this host that the client answers itself.</summary>
internal sealed class ClientCalls(ExecutionSession run) : IClientCalls
{
    public bool AreWaiting => run.PendingToolCalls.Count > 0;

    public bool TrySettle(string callId, Func<object> answer)
    {
        if (!run.PendingToolCalls.Any((call) => call.CallId == callId)) return false;
        object given = answer();
        return given is ToolException failure
            ? run.TryFailToolCall(callId, failure.Name, failure.Message, failure.Code)
            : run.TryAnswerToolCall(callId, given);
    }
}
