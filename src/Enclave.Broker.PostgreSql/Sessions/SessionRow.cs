using Npgsql;

namespace Enclave.Broker.PostgreSql.Sessions;

/// <summary>A session's row in the database.</summary>
internal sealed record SessionRow(SessionKey Key,
    long Broker, string Id, string State, int ToolCalls, DateTime CreatedAt, DateTime ExpiresAt, DateTime? EndedAt, bool Sealed, DateTime Now, bool IsWaiting)
{
    public static SessionRow Read(NpgsqlDataReader row) => new(
        new SessionKey(row.GetFieldValue<DateOnly>(1), row.GetInt64(0)),
        row.GetInt64(2),
        row.GetString(3),
        row.GetString(4),
        row.GetInt32(5),
        row.GetDateTime(6),
        row.GetDateTime(7),
        row.IsDBNull(8) ? null : row.GetDateTime(8),
        row.GetBoolean(9),
        row.GetDateTime(10),
        row.GetBoolean(11));
}
