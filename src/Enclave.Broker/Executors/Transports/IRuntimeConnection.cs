using Enclave.Streaming;

namespace Enclave.Broker.Executors.Transports;

/// <summary>The connection to the runtime that runs a session.</summary>
internal interface IRuntimeConnection : IAsyncDisposable
{
    /// <summary>The session's name on this connection.</summary>
    string Session { get; }

    /// <summary>True if the script may have begun. Then it does not run again, even if none of its events arrived.</summary>
    bool HasBegun { get; }

    /// <summary>Why the connection failed; null while it works, or if the reason is unknown.</summary>
    string? Fault { get; }

    /// <exception cref="IOException">The connection is down.</exception>
    Task SendAsync(ChannelMessage message, CancellationToken cancellationToken);

    /// <summary>The events that the runtime sends, each once, until the connection ends. Messages that are not events are skipped.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="InvalidDataException">A message is too large.</exception>
    IAsyncEnumerable<SessionEvent> EventsAsync(CancellationToken cancellationToken);
}
