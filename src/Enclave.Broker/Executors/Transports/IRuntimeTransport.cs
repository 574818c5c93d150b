using Enclave.Broker.Errors;
using Enclave.Broker.Sessions;
using Enclave.Streaming;

namespace Enclave.Broker.Executors.Transports;

/// <summary>Carries sessions to runtimes.</summary>
internal interface IRuntimeTransport
{
    /// <summary>The name of the transport in metrics.</summary>
    string Name { get; }

    /// <summary>True if a new session would find a runtime.</summary>
    bool IsReady { get; }

    /// <inheritdoc cref="IExecutor.Admit"/>
    BrokerError? Admit(BrokerSession session);

    /// <summary>The targets for a session, the best first. Each is tried once. The next is tried only if the session did not begin at the one before.</summary>
    IEnumerable<IRuntimeTarget> Targets(BrokerSession session);

    /// <summary>The error for a session that did not begin at any target.</summary>
    ErrorInfo Unavailable(int tried);
}
