using System.Text.Json;
using Enclave.Broker.Errors;

namespace Enclave.Broker.Sessions;

/// <summary>One session as its owner sees it, at any broker.</summary>
internal interface ISessionView
{
    /// <summary>The name of the session.</summary>
    string Id { get; }

    /// <summary>True if another broker runs it or ran it. It can be read at any other broker as well.</summary>
    bool IsElsewhere { get; }

    /// <summary>The number of the oldest event that can be read; 0 if none can be read any more.</summary>
    long FirstKept { get; }

    /// <summary>True if this process keeps the event for all its readers. Another one takes memory for each reader.</summary>
    bool Holds(long seq);

    /// <summary>Writes its name, state and statistics.</summary>
    void WriteInfo(Utf8JsonWriter writer);

    /// <summary>Reads a page of events from a number on. Waits until there are any.</summary>
    /// <param name="from">The number of the first event wanted.</param>
    /// <param name="events">Gets them.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    ValueTask<ReadOutcome> ReadAsync(long from, List<LoggedEvent> events, CancellationToken cancellationToken);

    /// <summary>Counts a reader in. Each reader comes and leaves once.</summary>
    void ReaderCame();

    /// <summary>A reader that <see cref="ReaderCame"/> announced has left.</summary>
    void ReaderLeft();

    /// <summary>Ends it early. The first reason is kept.</summary>
    ValueTask CancelAsync(SessionEnd why, CancellationToken cancellationToken);

    /// <summary>
    /// Takes a client's answer of a tool call: a body of <c>POST /sessions/:id/tool-result</c>. Returns
    /// null if it was accepted. Only one answer of a call is accepted.
    /// </summary>
    ValueTask<BrokerError?> AnswerAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken);
}
