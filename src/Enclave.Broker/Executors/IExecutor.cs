using Enclave.Broker.Errors;
using Enclave.Broker.Sessions;

namespace Enclave.Broker.Executors;

/// <summary>Where the scripts of sessions run.</summary>
internal interface IExecutor
{
    /// <summary>Whether a run that begins now would begin.</summary>
    bool IsReady { get; }

    /// <summary>Keeps a place in line for a session that is about to be opened; why there is none, or null.</summary>
    BrokerError? Admit(BrokerSession session);

    /// <summary>A session that was admitted is not opened after all, or its run is over. Harmless for one that has no place.</summary>
    void ReleaseReservation(BrokerSession session);

    /// <summary>Runs a session's script: adds its events, ends when <see cref="BrokerSession.Stopping"/> says so, and completes with its last event added.</summary>
    Task RunAsync(BrokerSession session);
}
