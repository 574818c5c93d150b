using Enclave.Broker.Errors;
using Enclave.Broker.Sessions;

namespace Enclave.Broker.Executors;

/// <summary>Runs the scripts of sessions.</summary>
internal interface IExecutor
{
    /// <summary>True if a new run could begin now.</summary>
    bool IsReady { get; }

    /// <summary>
    /// Takes a seat in the queue for a session that is about to open (<see cref="BrokerSession.Seat"/>). Returns the error if there is none, otherwise null.
    /// </summary>
    BrokerError? Admit(BrokerSession session);

    /// <summary>
    /// Runs a session's script: adds its events, ends when <see cref="BrokerSession.Stopping"/> is cancelled, and completes after adding the last event.
    /// </summary>
    Task RunAsync(BrokerSession session);
}
