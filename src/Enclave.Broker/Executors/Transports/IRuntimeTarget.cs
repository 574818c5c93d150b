using Enclave.Streaming;

namespace Enclave.Broker.Executors.Transports;

/// <summary>A runtime that a session may run on, or the queue from which some runtime takes it.</summary>
internal interface IRuntimeTarget
{
    /// <summary>For people.</summary>
    string Name { get; }

    /// <summary>The queue that sessions wait in for it, as <c>level.class</c>; null where they do not wait.</summary>
    string? Queue { get; }

    /// <summary>Bytes of one message on the line to it, either way.</summary>
    int MaxMessageBytes { get; }

    /// <summary>Why it was last not to be had; null since it was.</summary>
    string? Fault { get; }

    /// <summary>Hands the session over, and gives the line to whoever runs it.</summary>
    /// <param name="execute">The session, without a name: the line has one.</param>
    /// <param name="cancellationToken">The session is to end before its time.</param>
    Task<RuntimeOpening> OpenAsync(ChannelExecute execute, CancellationToken cancellationToken);

    /// <summary>It answered as it should.</summary>
    void Answered();

    /// <summary>It did not.</summary>
    void Failed(string why);
}
