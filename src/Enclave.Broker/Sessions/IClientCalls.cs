using System.Text.Json;

namespace Enclave.Broker.Sessions;

/// <summary>The tool calls of a session that its client answers itself.</summary>
internal interface IClientCalls
{
    /// <summary>True if any call is waiting.</summary>
    bool AreWaiting { get; }

    /// <summary>Answers a call. Returns false if it is not waiting.</summary>
    /// <exception cref="ArgumentException">The value cannot be passed to a script. The call keeps waiting.</exception>
    bool TryAnswer(string callId, JsonElement? value);

    /// <summary>Fails a call. Returns false if it is not waiting.</summary>
    bool TryFail(string callId, string message, string? code);
}
