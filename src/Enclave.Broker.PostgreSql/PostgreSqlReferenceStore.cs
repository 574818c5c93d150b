using Enclave.Broker.PostgreSql.Statements;
using Npgsql;

namespace Enclave.Broker.PostgreSql;

/// <summary>Stores values of references in the brokers' database, as <see cref="SidecarOptions.Storage"/>. Brokers delete expired values.</summary>
public sealed class PostgreSqlReferenceStore : IReferenceStore
{
    private readonly NpgsqlDataSource _source;

    /// <summary>Creates a store in a database with a migrated schema (<see cref="PostgreSqlSchema"/>).</summary>
    /// <param name="source">Connects as the brokers' role. The caller disposes it.</param>
    public PostgreSqlReferenceStore(NpgsqlDataSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
    }

    /// <inheritdoc/>
    public async ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ttl, TimeSpan.Zero);
        await ExecuteAsync(SqlStatement.SetReference, cancellationToken, key, Database.Bytes(value), ttl).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        cancellationToken.ThrowIfCancellationRequested();
        NpgsqlCommand command = _source.CreateCommand(SqlStatement.GetReference);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.Add(Database.Parameter(key));
            return (byte[]?)await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        await ExecuteAsync(SqlStatement.RemoveReference, cancellationToken, key).ConfigureAwait(false);
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Database.ExecuteAsync(_source.CreateCommand(sql), cancellationToken, values).ConfigureAwait(false);
    }
}
