using Enclave.Streaming;

namespace Enclave.Broker.Executors.Transports;

/// <summary>A runtime that a session may run on, or a queue that runtimes take sessions from.</summary>
internal interface IRuntimeTarget
{
    /// <summary>The name to show to people.</summary>
    string Name { get; }

    /// <summary>The queue that sessions wait in, as <c>level.class</c>; null without a queue.</summary>
    string? Queue { get; }

    /// <summary>Largest message on its connection, in bytes, in both directions.</summary>
    int MaxMessageBytes { get; }

    /// <summary>Why the last attempt failed; null if it succeeded.</summary>
    string? Fault { get; }

    /// <summary>Hands the session over, and returns the connection to the runtime that runs it.</summary>
    /// <param name="execute">The session, without a name: the connection has one.</param>
    /// <param name="cancellationToken">Cancelled when the session should end early.</param>
    Task<RuntimeOpening> OpenAsync(ChannelExecute execute, CancellationToken cancellationToken);

    /// <summary>Records that the runtime ran the session.</summary>
    void ReportSuccess();

    /// <summary>Records that the runtime failed.</summary>
    void ReportFailure(string why);
}
