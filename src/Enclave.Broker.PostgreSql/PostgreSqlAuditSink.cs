using Enclave.Broker.PostgreSql.Statements;
using Npgsql;

namespace Enclave.Broker.PostgreSql;

/// <summary>
/// Stores the audit in the brokers' database, for as many days as the event log (docs/sessions-store.md). A record that is written twice is stored once.
/// </summary>
public sealed class PostgreSqlAuditSink : IAuditSink
{
    private readonly NpgsqlDataSource _source;

    /// <summary>Creates a sink in a database with a migrated schema (<see cref="PostgreSqlSchema"/>).</summary>
    /// <param name="source">Connects as the brokers' role, which can neither change nor delete records. The caller disposes it.</param>
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
