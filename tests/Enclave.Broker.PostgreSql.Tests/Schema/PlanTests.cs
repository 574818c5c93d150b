using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Enclave.Broker.PostgreSql.Statements;
using Enclave.Broker.PostgreSql.Tests.Servers;
using Npgsql;

namespace Enclave.Broker.PostgreSql.Tests.Schema;

/// <summary>No statement of a broker reads a whole table, however full they are.</summary>
public sealed partial class PlanTests(PostgresServer server)
{
    /// <summary>The days that have partitions. The server may have started on the day before this one.</summary>
    private const string Days =
        "(SELECT array_agg(to_date(right(inhrelid::regclass::text, 8), 'YYYYMMDD')) AS d FROM pg_inherits WHERE inhparent = 'enclave.event'::regclass) days";

    private static readonly string[] s_fill =
    [
        "INSERT INTO enclave.broker (name, fenced_at, concluded_at) SELECT 'b', now(), CASE WHEN n % 500 > 0 THEN now() END FROM generate_series(1, 5000) n",
        "INSERT INTO enclave.lease (broker, seen_at) SELECT n, now() - interval '1 second' * (n % 3) FROM generate_series(1, 5000) n",
        $$"""
        INSERT INTO enclave.session (day, owner, id, broker, terms, sealed, expires_at, ended_at, cancel_at, idempotency_key)
        SELECT d[1 + n / 7 % cardinality(d)], ':owner' || n % 500, 's_' || n, n % 50, '{}', false, now(),
          CASE WHEN n % 20 > 0 THEN now() END, CASE WHEN n % 400 = 0 THEN now() END, CASE WHEN n % 3 = 0 THEN 'k' || n END
        FROM generate_series(1, 50000) n, {{Days}}
        """,
        "INSERT INTO enclave.event SELECT day, key, n, 'stdout', 'a line of some length, as they are' FROM enclave.session, generate_series(1, 4) n",
        "INSERT INTO enclave.tool_call (day, session, call_id, broker, answered_at, closed_at) SELECT day, key, 'c_1', broker, now(), CASE WHEN key % 100 > " +
        "0 THEN now() END FROM enclave.session",
        "INSERT INTO enclave.audit (day, host, sequence, record) SELECT d[1 + n % cardinality(d)], 'h' || n % 10, n, '{}' FROM generate_series(1, 50000) n, " +
        Days,
        "INSERT INTO enclave.reference SELECT 'r' || n, 'x', now() + interval '1 minute' * n FROM generate_series(1, 20000) n",
        """
        INSERT INTO enclave.run (id, tenant, journal, changed, state, wake, entries, bytes, owner, timeline, stored)
        SELECT gen_random_uuid(), md5('t' || n % 500)::uuid, gen_random_uuid(), now() - interval '1 second' * n, n % 3,
          now() + interval '1 minute' * (n % 50000), 3, 900, CASE WHEN n % 100 = 0 THEN n % 5000 + 1 END, 1, '\x00' FROM generate_series(1, 50000) n
        """,
        "INSERT INTO enclave.run_part SELECT key, n, '\\x00' FROM enclave.run, generate_series(1, 3) n",
        "INSERT INTO enclave.run_wait (token, run, call) SELECT gen_random_uuid(), key, 1 FROM enclave.run WHERE key % 2 = 0",
        "INSERT INTO enclave.run_usage SELECT DISTINCT tenant, n, 1, 1000 FROM enclave.run, generate_series(1, 20) n",
        "INSERT INTO enclave.bucket SELECT ':owner' || n, 1, true, now() FROM generate_series(1, 20000) n",
    ];

    /// <summary>Parts of statements, a statement that an operator runs once, and one that counts all rows, for a twentieth of the time at most.</summary>
    private static readonly string[] s_parts =
    [
        nameof(SqlStatement.FleetChannel), nameof(SqlStatement.Lease), nameof(RunStatement.Channel), nameof(RunStatement.Accept),
        nameof(RunStatement.CountAll),
    ];

    [Fact]
    public async Task Every_statement_goes_by_an_index()
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        await database.ExecuteAsync(s_fill);
        await database.ExecuteAsync("VACUUM ANALYZE");
        (string Name, string Sql)[] statements =
        [
            .. new[] { typeof(SqlStatement), typeof(RunStatement) }
                .SelectMany((type) => type.GetFields(BindingFlags.Public | BindingFlags.Static))
                .Where((field) => field.IsLiteral && !s_parts.Contains(field.Name))
                .Select((field) => ($"{field.DeclaringType!.Name}_{field.Name}", (string)field.GetRawConstantValue()!)),
        ];
        await using var connection = new NpgsqlConnection(database.Broker);
        await connection.OpenAsync();
        var faults = new List<string>();
        await RunAsync(connection, "SET plan_cache_mode = force_generic_plan");

        foreach ((string name, string sql) in statements)
        {
            string plan = await PlanAsync(connection, name, sql);
            if (WholeTable().Match(plan) is { Success: true } scan) faults.Add($"{name}: {scan.Value}\n{plan}");
            if (sql.StartsWith("SELECT", StringComparison.Ordinal) && sql.Contains("FROM enclave.", StringComparison.Ordinal)
                && !sql.Contains("LIMIT", StringComparison.Ordinal) && !sql.Contains("FETCH FIRST", StringComparison.Ordinal))
                faults.Add($"{name} has no limit");
        }

        Assert.True(statements.Length > 30, $"{statements.Length} statements were found");
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static async Task<string> PlanAsync(NpgsqlConnection connection, string name, string sql)
    {
        int parameters = Parameter().Matches(sql).Select((match) => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).DefaultIfEmpty().Max();
        await RunAsync(connection, $"PREPARE plan_{name} AS {sql}");
        await using var command = new NpgsqlCommand(
            $"EXPLAIN EXECUTE plan_{name}{(parameters == 0 ? "" : $"({string.Join(", ", Enumerable.Repeat("NULL", parameters))})")}", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        return string.Join('\n', lines);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    [GeneratedRegex(@"Seq Scan on \w+")]
    private static partial Regex WholeTable();

    [GeneratedRegex(@"\$(\d+)")]
    private static partial Regex Parameter();
}
