using Enclave.Broker.PostgreSql.Statements;
using Npgsql;

namespace Enclave.Broker.PostgreSql;

/// <summary>Keeps the audit in the database that brokers share their sessions in, for as many days as the log (docs/sessions-store.md). A record that is written twice stands there once.</summary>
public sealed class PostgreSqlAuditSink : IAuditSink
{
    private readonly NpgsqlDataSource _source;

    /// <summary>A sink in this database, whose schema was migrated (<see cref="PostgreSqlSchema"/>).</summary>
    /// <param name="source">Opens it as the brokers' role, which can neither change nor delete what is there. It stays the caller's.</param>
    public PostgreSqlAuditSink(NpgsqlDataSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(IReadOnlyList<AuditRecord> records, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(records);
        await Database.ExecuteAsync(
            _source.CreateCommand(SqlStatement.Audit),
            cancellationToken,
            records.Select((record) => record.Host).ToArray(),
            records.Select((record) => record.Sequence).ToArray(),
            records.Select((record) => record.ToJsonString()).ToArray()).ConfigureAwait(false);
    }
}
