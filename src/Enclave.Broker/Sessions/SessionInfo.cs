using System.Text.Json;

namespace Enclave.Broker.Sessions;

/// <summary>A session's name, state and figures, as routes give them.</summary>
/// <param name="Id">Its name.</param>
/// <param name="State">As the wire names it.</param>
/// <param name="CreatedAt">When it was opened.</param>
/// <param name="ExpiresAt">When its time is over.</param>
/// <param name="Duration">From its start to its end, or to now.</param>
/// <param name="ToolCalls">How many tools it called.</param>
internal readonly record struct SessionInfo(string Id, string State, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, TimeSpan Duration, int ToolCalls)
{
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("sessionId"u8, Id);
        writer.WriteString("state"u8, State);
        writer.WriteNumber("createdAt"u8, CreatedAt.ToUnixTimeMilliseconds());
        writer.WriteNumber("expiresAt"u8, ExpiresAt.ToUnixTimeMilliseconds());
        writer.WriteStartObject("stats"u8);
        writer.WriteNumber("duration"u8, (long)Duration.TotalMilliseconds);
        writer.WriteNumber("toolCallCount"u8, ToolCalls);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
