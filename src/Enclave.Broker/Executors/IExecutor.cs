using Enclave.Broker.Errors;
using Enclave.Broker.Sessions;

namespace Enclave.Broker.Executors;

/// <summary>Runs the scripts of sessions.</summary>
internal interface IExecutor
{
    /// <summary>True if a new run could begin now.</summary>
    bool IsReady { get; }

    /// <summary>Reserves a place in the queue for a session that is about to open. Returns the error if there is none, otherwise null.</summary>
    BrokerError? Admit(BrokerSession session);

    /// <summary>Releases the place of a session that was not opened after all, or whose run is over. Does nothing for a session without a place.</summary>
    void ReleaseReservation(BrokerSession session);

    /// <summary>
    /// Runs a session's script: adds its events, ends when <see cref="BrokerSession.Stopping"/> is cancelled, and completes after adding the last event.
    /// </summary>
    Task RunAsync(BrokerSession session);
}
