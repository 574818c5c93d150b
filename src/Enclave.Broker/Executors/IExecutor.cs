using Enclave.Broker.Sessions;

namespace Enclave.Broker.Executors;

/// <summary>Where the scripts of sessions run.</summary>
internal interface IExecutor
{
    /// <summary>Whether a run that begins now would begin.</summary>
    bool IsReady { get; }

    /// <summary>Runs a session's script: adds its events, ends when <see cref="BrokerSession.Stopping"/> says so, and completes with its last event added.</summary>
    Task RunAsync(BrokerSession session);
}
