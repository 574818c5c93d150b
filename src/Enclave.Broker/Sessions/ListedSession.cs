using System.Text.Json;
using Enclave.Queues;

namespace Enclave.Broker.Sessions;

/// <summary>A session's name, state and statistics, as routes return them.</summary>
/// <param name="Id">Its name.</param>
/// <param name="State">Its state, by its name on the wire.</param>
/// <param name="CreatedAt">When it was opened.</param>
/// <param name="ExpiresAt">When it times out.</param>
/// <param name="Duration">Time from its start to its end, or to now.</param>
/// <param name="ToolCalls">Number of tool calls; null if only the journal has it.</param>
internal readonly record struct ListedSession(string Id, string State, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, TimeSpan Duration, int? ToolCalls)
{
    /// <summary>Its position in the queue; null if it is not waiting.</summary>
    public QueuePosition? Position { get; init; }

    /// <summary>The waits of a durable session; null for other sessions.</summary>
    public IReadOnlyList<DurableWait>? Waits { get; init; }

    /// <summary>Writes the summary as an object.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("sessionId"u8, Id);
        writer.WriteString("state"u8, State);
        writer.WriteNumber("createdAt"u8, CreatedAt.ToUnixTimeMilliseconds());
        writer.WriteNumber("expiresAt"u8, ExpiresAt.ToUnixTimeMilliseconds());
        if (Position is { } position)
        {
            writer.WriteStartObject("queue"u8);
            writer.WriteNumber("place"u8, position.Place);
            writer.WriteNumber("waiting"u8, position.Waiting);
            writer.WriteEndObject();
        }

        // Without tokens: those of tools and approvals belong to the operator.
        if (Waits is { } waits) WaitsJson.Write(writer, waits);
        writer.WriteStartObject("stats"u8);
        writer.WriteNumber("duration"u8, (long)Duration.TotalMilliseconds);
        if (ToolCalls is { } calls) writer.WriteNumber("toolCallCount"u8, calls);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
