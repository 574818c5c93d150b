namespace Enclave.Broker.Sessions;

/// <summary>The tool calls of a session that its client answers itself.</summary>
internal interface IClientCalls
{
    /// <summary>True if any call is waiting.</summary>
    bool AreWaiting { get; }

    /// <summary>Settles a call. Returns false if it is not waiting.</summary>
    /// <param name="callId">The call.</param>
    /// <param name="answer">A <see cref="Protocol.ScriptValue"/>, or a <see cref="ToolException"/>.</param>
    bool TrySettle(string callId, object answer);
}
