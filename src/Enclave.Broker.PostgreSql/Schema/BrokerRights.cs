using Enclave.Broker.PostgreSql.Statements;

namespace Enclave.Broker.PostgreSql.Schema;

/// <summary>What the brokers' role may do beyond grants.sql. Some of it only a superuser can take away, so that it is looked for and told.</summary>
internal static class BrokerRights
{
    /// <summary>Of the role that asks.</summary>
    private const string Excess = """
        SELECT r.what FROM (VALUES
          ('everything (it is a superuser)', (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)),
          ('create temporary tables', has_database_privilege(current_database(), 'TEMPORARY')),
          ('create schemas', has_database_privilege(current_database(), 'CREATE')),
          ('create objects in the schema public', coalesce(has_schema_privilege(to_regnamespace('public'), 'CREATE'), false)),
          ('create objects in the schema enclave', has_schema_privilege('enclave', 'CREATE')),
          ('create large objects', has_function_privilege('pg_catalog.lo_creat(integer)', 'EXECUTE') OR has_function_privilege('pg_catalog.lo_create(oid)', 'EXECUTE') OR has_function_privilege('pg_catalog.lo_from_bytea(oid, bytea)', 'EXECUTE'))
        ) AS r(what, may) WHERE r.may
        """;

    /// <summary>What it may do and need not; empty for nothing.</summary>
    /// <exception cref="Store.StoreException">The database is not to be had.</exception>
    public static Task<List<string>> ExcessAsync(Database database, CancellationToken cancellationToken) => database.RowsAsync(Excess, static (row) => row.GetString(0), cancellationToken);
}
