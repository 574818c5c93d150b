using Enclave.Streaming;

namespace Enclave.Broker.Sessions;

/// <summary>Notified by a session that it made.</summary>
internal interface ISessionOwner
{
    /// <summary>The session has ended, and no reader has the last event yet: a client that reads it and opens another session finds the place free. Called once.</summary>
    void Concluded(BrokerSession session, Final final);
}
