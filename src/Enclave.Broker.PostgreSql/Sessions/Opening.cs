using Npgsql;

namespace Enclave.Broker.PostgreSql.Sessions;

/// <summary>The database's answer to the opening of a session.</summary>
internal sealed record Opening(bool HasLease, bool IsGranted, double Tokens, string? KnownId, byte[]? KnownDigest, bool Exists, SessionKey? Key)
{
    public static Opening Read(NpgsqlDataReader row) => new(
        row.GetInt64(0) == 1,
        row.GetBoolean(1),
        row.GetDouble(2),
        row.IsDBNull(3) ? null : row.GetString(3),
        row.IsDBNull(4) ? null : row.GetFieldValue<byte[]>(4),
        row.GetBoolean(5),
        row.IsDBNull(7) ? null : new SessionKey(row.GetFieldValue<DateOnly>(8), row.GetInt64(7)));
}
