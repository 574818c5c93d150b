using System.Text.Json;
using Enclave.Broker.Sessions;
using Enclave.Broker.Store;

namespace Enclave.Broker.PostgreSql.Sessions;

/// <summary>A session that another broker runs, or that has ended.</summary>
internal sealed class StoredSession(SessionRow row, StoredEvents stored) : ISessionView
{
    public string Id => row.Id;

    public bool IsElsewhere => true;

    public long FirstKept => 1;

    public void WriteInfo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("sessionId"u8, row.Id);
        writer.WriteString("state"u8, row.IsWaiting && row.EndedAt is null ? WireState.WaitingForTool.ToText() : row.State);
        writer.WriteNumber("createdAt"u8, new DateTimeOffset(row.CreatedAt).ToUnixTimeMilliseconds());
        writer.WriteNumber("expiresAt"u8, new DateTimeOffset(row.ExpiresAt).ToUnixTimeMilliseconds());
        writer.WriteStartObject("stats"u8);
        writer.WriteNumber("duration"u8, (long)((row.EndedAt ?? row.Now) - row.CreatedAt).TotalMilliseconds);
        writer.WriteNumber("toolCallCount"u8, row.ToolCalls);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public ValueTask<ReadOutcome> ReadAsync(long from, List<LoggedEvent> events, CancellationToken cancellationToken) => stored.FollowAsync(row.Key, row.Sealed, from, events, cancellationToken);

    public void ReaderCame() => stored.Enter(row.Key);

    public void ReaderLeft() => stored.Leave(row.Key);

    public ValueTask CancelAsync(SessionEnd why, CancellationToken cancellationToken) => stored.CancelAsync(row.Key, why, cancellationToken);

    public ValueTask<BrokerError?> AnswerAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken) => stored.AnswerAsync(row.Key, body, cancellationToken);
}
