using Enclave.Streaming;

namespace Enclave.Broker.Executors.Transports;

/// <summary>The connection to the runtime that runs a session.</summary>
internal interface IRuntimeConnection : IAsyncDisposable
{
    /// <summary>The session's name on this line.</summary>
    string Session { get; }

    /// <summary>Whether the script may have begun: then it is not run again, also when nothing of it was seen.</summary>
    bool HasBegun { get; }

    /// <summary>Why the line is down; null while it is not, and when nothing is known.</summary>
    string? Fault { get; }

    /// <exception cref="IOException">The line is down.</exception>
    Task SendAsync(ChannelMessage message, CancellationToken cancellationToken);

    /// <summary>What the runtime sends, until the line is down; what is no event is passed over.</summary>
    /// <exception cref="IOException">The line broke.</exception>
    /// <exception cref="InvalidDataException">A message is larger than it may be.</exception>
    IAsyncEnumerable<SessionEvent> EventsAsync(CancellationToken cancellationToken);
}
