using System.Text.Json;
using Enclave.Broker.Errors;

namespace Enclave.Broker.Sessions;

/// <summary>One session as its owner sees it, whichever broker runs it.</summary>
internal interface ISessionView
{
    string Id { get; }

    /// <summary>Whether another broker runs it, or ran it: whoever reads it here may read it at any other.</summary>
    bool IsElsewhere { get; }

    /// <summary>The number of the oldest event that can be read.</summary>
    long FirstKept { get; }

    /// <summary>Its name, state and figures.</summary>
    void WriteInfo(Utf8JsonWriter writer);

    /// <summary>Reads the events from a number on; waits when there are none yet.</summary>
    /// <param name="from">The number of the first event wanted.</param>
    /// <param name="events">Gets them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<ReadOutcome> ReadAsync(long from, List<LoggedEvent> events, CancellationToken cancellationToken);

    /// <summary>A reader has come. Each comes and leaves once.</summary>
    void ReaderCame();

    void ReaderLeft();

    /// <summary>Ends it before its time. The first reason holds.</summary>
    ValueTask CancelAsync(SessionEnd why, CancellationToken cancellationToken);

    /// <summary>Takes a client's answer of a tool call: a body of <c>POST /sessions/:id/tool-result</c>. Null when it was taken; of all that come for one call, one is.</summary>
    ValueTask<BrokerError?> AnswerAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken);
}
