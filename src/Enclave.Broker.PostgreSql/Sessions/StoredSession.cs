using System.Text.Json;
using Enclave.Broker.Errors;
using Enclave.Broker.Sessions;
using Enclave.Sessions;

namespace Enclave.Broker.PostgreSql.Sessions;

/// <summary>A session that another broker runs, or that has ended.</summary>
internal sealed class StoredSession(SessionRow row, StoredEvents stored) : ISessionView
{
    public string Id => row.Id;

    public bool IsElsewhere => true;

    public long FirstKept => 1;

    public bool Holds(long seq) => false;

    public void WriteInfo(Utf8JsonWriter writer)
    {
        string state = row.IsWaiting && row.EndedAt is null ? SessionState.WaitingForTool.ToText() : row.State;
        new ListedSession(row.Id, state, row.CreatedAt, row.ExpiresAt, (row.EndedAt ?? row.Now) - row.CreatedAt, row.ToolCalls).Write(writer);
    }

    public ValueTask<ReadOutcome> ReadAsync(long from, List<LoggedEvent> events, CancellationToken cancellationToken) =>
        stored.FollowAsync(row.Key, row.Sealed, from, events, cancellationToken);

    public void ReaderCame() => stored.AddReader(row.Key);

    public void ReaderLeft() => stored.RemoveReader(row.Key);

    public ValueTask CancelAsync(SessionEnd why, CancellationToken cancellationToken) => stored.CancelAsync(row.Key, why, cancellationToken);

    public ValueTask<BrokerError?> AnswerAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        ToolAnswer.Read(body, out BrokerError? malformed) is { } answer ? stored.AnswerAsync(row.Key, answer, cancellationToken) : new(malformed);
}
