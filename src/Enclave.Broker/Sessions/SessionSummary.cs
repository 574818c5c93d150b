using System.Text.Json;
using Enclave.Queues;

namespace Enclave.Broker.Sessions;

/// <summary>A session's name, state and figures, as routes give them.</summary>
/// <param name="Id">Its name.</param>
/// <param name="State">As the wire names it.</param>
/// <param name="CreatedAt">When it was opened.</param>
/// <param name="ExpiresAt">When its time is over.</param>
/// <param name="Duration">From its start to its end, or to now.</param>
/// <param name="ToolCalls">How many tools it called.</param>
internal readonly record struct SessionSummary(string Id, string State, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, TimeSpan Duration, int ToolCalls)
{
    /// <summary>Where it waits; null when it does not.</summary>
    public QueuePosition? Position { get; init; }

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

        writer.WriteStartObject("stats"u8);
        writer.WriteNumber("duration"u8, (long)Duration.TotalMilliseconds);
        writer.WriteNumber("toolCallCount"u8, ToolCalls);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
