using System.Text.Json;

namespace Enclave.Broker.Sessions;

/// <summary>The tool calls of a session that its client answers.</summary>
internal interface IClientCalls
{
    /// <summary>Whether any of them waits.</summary>
    bool AreWaiting { get; }

    /// <summary>Answers one; false when it does not wait.</summary>
    /// <exception cref="ArgumentException">It is no value for a script; the call waits on.</exception>
    bool TryAnswer(string callId, JsonElement? value);

    /// <summary>Fails one; false when it does not wait.</summary>
    bool TryFail(string callId, string message, string? code);
}
