namespace Enclave.Broker.Sessions;

/// <summary>The tool calls of a session that its client answers itself.</summary>
internal interface IClientCalls
{
    /// <summary>True if any call is waiting.</summary>
    bool AreWaiting { get; }

    /// <summary>Settles a call. Returns false if it is not waiting.</summary>
    /// <param name="callId">The call.</param>
    /// <param name="answer">
    /// Makes a <see cref="Protocol.ScriptValue"/>, or a <see cref="ToolException"/>. It is only called for a call that waits: a value may take many times
    /// the memory of its JSON.
    /// </param>
    bool TrySettle(string callId, Func<object> answer);
}
