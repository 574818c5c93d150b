using Enclave.Broker.Errors;
using Enclave.Broker.Sessions;
using Enclave.Streaming;

namespace Enclave.Broker.Executors.Transports;

/// <summary>How sessions get to runtimes.</summary>
internal interface IRuntimeTransport
{
    /// <summary>What it is called in figures.</summary>
    string Name { get; }

    /// <summary>Whether a session that comes now would find a runtime.</summary>
    bool IsReady { get; }

    /// <summary>How long a runtime may take to end a session that was cancelled or is out of its time.</summary>
    TimeSpan EndTimeout { get; }

    /// <inheritdoc cref="IExecutor.Admit"/>
    BrokerError? Admit(BrokerSession session);

    /// <inheritdoc cref="IExecutor.ReleaseReservation"/>
    void ReleaseReservation(BrokerSession session);

    /// <summary>Where the session may run, the best first. Each is tried once, and the next only when the one before did not begin.</summary>
    IEnumerable<IRuntimeTarget> Places(BrokerSession session);

    /// <summary>What a client is told when none of these places began.</summary>
    ErrorInfo Unavailable(int tried);
}
