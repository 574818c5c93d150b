using Enclave.Broker.PostgreSql.Statements;

namespace Enclave.Broker.PostgreSql.Schema;

/// <summary>Rights of the brokers' role beyond grants.sql. Only a superuser can take some of them away, so the broker looks for them and logs them.</summary>
internal static class BrokerRights
{
    /// <summary>The query for the rights of the current role.</summary>
    private const string Excess = """
        SELECT r.what FROM (VALUES
          ('everything (it is a superuser)', (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)),
          ('create temporary tables', has_database_privilege(current_database(), 'TEMPORARY')),
          ('create schemas', has_database_privilege(current_database(), 'CREATE')),
          ('create objects in the schema public', coalesce(has_schema_privilege(to_regnamespace('public'), 'CREATE'), false)),
          ('create objects in the schema enclave', has_schema_privilege('enclave', 'CREATE')),
          ('create large objects', has_function_privilege('pg_catalog.lo_creat(integer)', 'EXECUTE')
            OR has_function_privilege('pg_catalog.lo_create(oid)', 'EXECUTE') OR has_function_privilege('pg_catalog.lo_from_bytea(oid, bytea)', 'EXECUTE'))
        ) AS r(what, may) WHERE r.may
        """;

    /// <summary>The rights that the role has and does not need; empty if there are none.</summary>
    /// <exception cref="Store.StoreException">The database is unavailable.</exception>
    public static Task<List<string>> ExcessAsync(Database database, CancellationToken cancellationToken) =>
        database.RowsAsync(Excess, static (row) => row.GetString(0), cancellationToken);
}
