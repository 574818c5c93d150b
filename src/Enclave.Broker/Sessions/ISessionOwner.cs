using Enclave.Streaming;

namespace Enclave.Broker.Sessions;

/// <summary>Notified of the end of its sessions.</summary>
internal interface ISessionOwner
{
    /// <summary>
    /// Called once, when the session has ended and before a reader sees the last event: its slot is free when the client opens the next session.
    /// </summary>
    void OnFinalEvent(BrokerSession session, Final final);
}
