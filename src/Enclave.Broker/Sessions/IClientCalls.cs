using System.Text.Json;

namespace Enclave.Broker.Sessions;

/// <summary>The tool calls of a session that its client answers.</summary>
internal interface IClientCalls
{
    /// <summary>Whether any of them waits.</summary>
    bool AreWaiting { get; }

    /// <summary>Answers one; false when it does not wait.</summary>
    bool TryAnswer(string callId, JsonElement? value);

    /// <summary>Fails one; false when it does not wait.</summary>
    bool TryFail(string callId, string message, string? code);
}
