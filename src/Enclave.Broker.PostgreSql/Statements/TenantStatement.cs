namespace Enclave.Broker.PostgreSql.Statements;

/// <summary>The statements about tenants.</summary>
internal static class TenantStatement
{
    /// <summary>The channel with notifications of changed policies.</summary>
    public const string Channel = "enclave_policy";

    /// <summary>Parameter: the version that the reader has.</summary>
    public const string Policies = "SELECT tenant, policy, version, changed_by FROM enclave.policy WHERE version > $1 ORDER BY version";

    /// <summary>Parameters: the tenant, the policy, the person or program.</summary>
    public const string SetPolicy = """
        WITH next AS (UPDATE enclave.policy_version SET version = version + 1 RETURNING version),
        logged AS (
          INSERT INTO enclave.policy_change (version, tenant, changed_by, before, after)
          SELECT version, $1, $3, (SELECT policy FROM enclave.policy WHERE tenant = $1), $2 FROM next),
        put AS (
          INSERT INTO enclave.policy (tenant, policy, version, changed_by) SELECT $1, $2, version, $3 FROM next
          ON CONFLICT (tenant) DO UPDATE SET policy = excluded.policy, version = excluded.version, changed_by = excluded.changed_by, changed_at = now())
        SELECT pg_notify('enclave_policy', version::text) FROM next
        """;

    /// <summary>
    /// Parameters: book, counter, period, the value of the budget, the least that is of use, the need, and the slice of a budget that no host has taken from.
    /// Returns the slice and what is taken with it.
    /// </summary>
    public const string Take = """
        INSERT INTO enclave.budget AS b (book, counter, period, taken, slice) VALUES ($1, $2, $3, $7, $7)
        ON CONFLICT (book, counter, period) DO UPDATE SET changed_at = now(),
          slice = CASE WHEN $4 - b.taken >= $5 THEN least($4 - b.taken, greatest($6, least(($4 - b.taken) / 16, $4 / 100))) ELSE 0 END,
          taken = b.taken + CASE WHEN $4 - b.taken >= $5 THEN least($4 - b.taken, greatest($6, least(($4 - b.taken) / 16, $4 / 100))) ELSE 0 END
        RETURNING slice, taken
        """;

    /// <summary>Parameters: book, counter, period, units.</summary>
    public const string GiveBack =
        "UPDATE enclave.budget SET taken = greatest(taken - $4, 0), changed_at = now() WHERE book = $1 AND counter = $2 AND period = $3";

    /// <summary>
    /// Parameters: ids, tenants, keys, scripts, begins, rows, and of each row whether it counts as a run, as failed, as lost and as not begun, its times, calls
    /// and bytes. Rows that are there already are not added, and not counted again. The measures are not read from the rows: scripts choose their names, and
    /// the server reads no JSON with a NUL.
    /// </summary>
    public const string Ledger = """
        WITH given AS (
          SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::bool[], $8::bool[], $9::bool[], $10::bool[],
            $11::float8[], $12::float8[], $13::bigint[], $14::bigint[], $15::bigint[])
            AS g(id, tenant, key, script, begun, row, counts, failed, lost, not_begun, cpu_ms, wall_ms, tool_calls, bytes_in, bytes_out)),
        added AS (
          INSERT INTO enclave.ledger (id, tenant, key, script, begun, row) SELECT id, tenant, key, script, begun, row::json FROM given ORDER BY id
          ON CONFLICT DO NOTHING RETURNING id)
        INSERT INTO enclave.usage_hour AS u
          (hour, tenant, key, script, runs, failed, lost, not_begun, cpu_ms, wall_ms, tool_calls, bytes_in, bytes_out)
        SELECT date_trunc('hour', begun AT TIME ZONE 'utc') AT TIME ZONE 'utc', tenant, key, script, count(*) FILTER (WHERE counts),
          count(*) FILTER (WHERE failed), count(*) FILTER (WHERE lost), count(*) FILTER (WHERE not_begun), sum(cpu_ms), sum(wall_ms), sum(tool_calls),
          sum(bytes_in), sum(bytes_out)
        FROM given JOIN added USING (id) GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
        ON CONFLICT (hour, coalesce('t' || tenant, ''), coalesce('k' || key, ''), script) DO UPDATE SET runs = u.runs + excluded.runs,
          failed = u.failed + excluded.failed, lost = u.lost + excluded.lost, not_begun = u.not_begun + excluded.not_begun,
          cpu_ms = u.cpu_ms + excluded.cpu_ms, wall_ms = u.wall_ms + excluded.wall_ms, tool_calls = u.tool_calls + excluded.tool_calls,
          bytes_in = u.bytes_in + excluded.bytes_in, bytes_out = u.bytes_out + excluded.bytes_out
        """;

    /// <summary>
    /// Parameters: the form of the time of a group, or null for none; whether to group by tenant, key and script; the first hour and the one after the last;
    /// the tenant, or null for all.
    /// </summary>
    public const string Usage = """
        SELECT CASE WHEN $1::text IS NULL THEN NULL ELSE to_char(hour AT TIME ZONE 'utc', $1::text) END, CASE WHEN $2 THEN tenant END,
          CASE WHEN $3 THEN key END, CASE WHEN $4 THEN script END, sum(runs)::bigint, sum(failed)::bigint, sum(lost)::bigint, sum(not_begun)::bigint,
          sum(cpu_ms), sum(wall_ms), sum(tool_calls)::bigint, sum(bytes_in)::bigint, sum(bytes_out)::bigint
        FROM enclave.usage_hour WHERE hour >= $5 AND hour < $6 AND ($7::text IS NULL OR tenant = $7::text)
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4 LIMIT 100000
        """;
}
