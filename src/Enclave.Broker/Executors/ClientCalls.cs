using System.Text.Json;
using Enclave.Broker.Sessions;

namespace Enclave.Broker.Executors;

/// <summary>The tool calls of a run on this host that the client answers itself.</summary>
internal sealed class ClientCalls(ExecutionSession run) : IClientCalls
{
    public bool AreWaiting => run.PendingToolCalls.Count > 0;

    public bool TryAnswer(string callId, JsonElement? value) => run.TryAnswerToolCall(callId, value);

    public bool TryFail(string callId, string message, string? code) => run.TryFailToolCall(callId, "Error", message, code);
}
