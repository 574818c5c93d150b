namespace Enclave.Broker.PostgreSql.Statements;

/// <summary>The statements, each with its parameters in order.</summary>
internal static class SqlStatement
{
    /// <summary>Parameter: broker.</summary>
    public const string Lease = "lease AS MATERIALIZED (SELECT id FROM enclave.broker WHERE id = $1 AND fenced_at IS NULL FOR SHARE)";

    /// <summary>The channel for reports to all brokers. A lost report is replaced by the next one.</summary>
    public const string FleetChannel = "enclave_fleet";

    private const string Filled = "least($10::float8, b.tokens + greatest(0, extract(epoch FROM clock_timestamp() - b.filled_at)::float8) * $10::float8 / 60)";

    private const string Columns = """
        s.key, s.day, s.broker, s.id, s.state, s.tool_calls, s.created_at, s.expires_at, s.ended_at, s.sealed, now(),
        EXISTS (SELECT 1 FROM enclave.tool_call c WHERE c.day = s.day AND c.session = s.key AND c.answered_at IS NULL AND c.closed_at IS NULL)
        """;

    // The channel names the broker that gets a message; the message names the session.

    /// <summary>Parameters: name, protocol.</summary>
    public const string Register = "WITH b AS (INSERT INTO enclave.broker (name, protocol) VALUES ($1, $2) RETURNING id) INSERT INTO enclave.lease (broker) " +
        "SELECT id FROM b RETURNING broker";

    /// <summary>Parameter: broker.</summary>
    public const string Drain = "UPDATE enclave.broker SET draining_at = now() WHERE id = $1 AND draining_at IS NULL";

    /// <summary>Parameter: broker.</summary>
    public const string Beat = "UPDATE enclave.lease SET beat = beat + 1, seen_at = clock_timestamp() WHERE broker = $1 RETURNING beat";

    /// <summary>
    /// Parameter: length of the caller's lease. Finds leases whose heartbeat is too old by the server's clock, or in its future, each with its holder's lease
    /// time: hosts store it, brokers do not. A second look decides whether they are dead.
    /// </summary>
    public const string Stale = """
        SELECT broker, beat, greatest(length, $1::interval) FROM enclave.lease
        WHERE (seen_at < now() - $1::interval AND seen_at < now() - coalesce(length, $1::interval)) OR seen_at > now() + $1::interval
        ORDER BY seen_at LIMIT 100
        """;

    /// <summary>Parameters: broker, the heartbeat that was seen. Waits for its present write and prevents further ones.</summary>
    public const string Fence = "WITH gone AS (DELETE FROM enclave.lease WHERE broker = $1 AND beat = $2 RETURNING broker) " +
        "UPDATE enclave.broker b SET fenced_at = now() FROM gone WHERE b.id = gone.broker RETURNING b.id";

    /// <summary>Parameter: broker.</summary>
    public const string Resign = "WITH gone AS (DELETE FROM enclave.lease WHERE broker = $1 RETURNING broker) " +
        "UPDATE enclave.broker b SET fenced_at = now() FROM gone WHERE b.id = gone.broker RETURNING b.id";

    /// <summary>Brokers and hosts that were lost and may have left data.</summary>
    public const string Fenced = "SELECT id FROM enclave.broker WHERE fenced_at IS NOT NULL AND concluded_at IS NULL ORDER BY fenced_at LIMIT 20";

    /// <summary>Parameters: broker, keys or null for all. Finds and locks its sessions that have not ended.</summary>
    public const string Orphans = """
        SELECT s.key, s.day, s.id, s.tool_calls, extract(epoch FROM now() - s.created_at)::float8 * 1000,
          coalesce((SELECT e.seq FROM enclave.event e WHERE e.day = s.day AND e.session = s.key ORDER BY e.seq DESC LIMIT 1), 0)
        FROM enclave.session s WHERE s.broker = $1 AND s.ended_at IS NULL AND ($2::bigint[] IS NULL OR s.key = ANY ($2::bigint[]))
          ORDER BY s.key LIMIT 50 FOR UPDATE OF s SKIP LOCKED
        """;

    /// <summary>Parameters: days, keys, numbers, lines.</summary>
    public const string Conclude = """
        WITH logged AS (INSERT INTO enclave.event (day, session, seq, type, line) SELECT e.day, e.session, e.seq, 'final', e.line
          FROM unnest($1::date[], $2::bigint[], $3::bigint[], $4::bytea[]) AS e(day, session, seq, line))
        UPDATE enclave.session s SET ended_at = now(), state = 'failed' FROM unnest($2::bigint[]) AS c(key) WHERE s.key = c.key
        """;

    /// <summary>Parameter: broker.</summary>
    public const string Concluded = """
        UPDATE enclave.broker SET concluded_at = now() WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM enclave.session WHERE broker = $1 AND ended_at IS NULL)
          AND NOT EXISTS (SELECT 1 FROM enclave.run WHERE owner = $1)
        """;

    /// <summary>Parameter: broker. The keys of its sessions that have not ended.</summary>
    public const string Mine = "SELECT key FROM enclave.session WHERE broker = $1 AND ended_at IS NULL ORDER BY key LIMIT 100000";

    /// <summary>Parameter: hash of the owner. Makes openings of one owner wait for each other, so that each counts the ones before it.</summary>
    public const string LockOwner = "SELECT pg_advisory_xact_lock($1::bigint)";

    /// <summary>Parameters: broker, owner, id, tenant, terms, sealed, time to live, idempotency key, digest, openings per minute, most at once.</summary>
    public const string Open = $"""
        WITH {Lease},
        taken AS (
          INSERT INTO enclave.bucket AS b (owner, tokens, granted, filled_at) VALUES ($2, $10::float8 - 1, true, clock_timestamp())
          ON CONFLICT (owner) DO UPDATE SET tokens = {Filled} - CASE WHEN {Filled} >= 1 THEN 1 ELSE 0 END, granted = {Filled} >= 1,
            filled_at = clock_timestamp()
          RETURNING tokens, granted),
        known AS (SELECT id, request_digest FROM enclave.session WHERE owner = $2 AND idempotency_key = $8 AND NOT forgotten LIMIT 1),
        named AS (SELECT key, ended_at FROM enclave.session WHERE owner = $2 AND id = $3 AND NOT forgotten LIMIT 1),
        running AS (SELECT count(*) AS n FROM (SELECT 1 FROM enclave.session WHERE owner = $2 AND ended_at IS NULL LIMIT $11::bigint) r),
        room AS (SELECT 1 FROM lease, taken, running WHERE taken.granted AND running.n < $11 AND NOT EXISTS (SELECT 1 FROM known)
          AND NOT EXISTS (SELECT 1 FROM named WHERE ended_at IS NULL)),
        freed AS (UPDATE enclave.session s SET forgotten = true FROM named, room WHERE s.key = named.key RETURNING 1),
        opened AS (
          INSERT INTO enclave.session (broker, owner, id, tenant, terms, sealed, expires_at, idempotency_key, request_digest)
          SELECT $1, $2, $3, $4::text, $5::jsonb, $6::boolean, now() + $7::interval, $8::text, $9::bytea FROM room, (SELECT count(*) FROM freed) f
          RETURNING key, day)
        SELECT (SELECT count(*) FROM lease), taken.granted, taken.tokens, known.id, known.request_digest,
          EXISTS (SELECT 1 FROM named WHERE ended_at IS NULL), running.n, opened.key, opened.day
        FROM taken CROSS JOIN running LEFT JOIN known ON true LEFT JOIN opened ON true
        """;

    /// <summary>
    /// Parameters: broker; of events: days, keys, numbers, types, lines; of sessions: keys, tool calls, states, whether ended; of calls that wait: days,
    /// keys, calls; of calls that wait no more: days, keys, calls; of readers elsewhere: brokers, keys.
    /// </summary>
    public const string Append = $"""
        WITH {Lease},
        logged AS (
          INSERT INTO enclave.event (day, session, seq, type, line)
          SELECT e.day, e.session, e.seq, e.type, e.line
          FROM unnest($2::date[], $3::bigint[], $4::bigint[], $5::text[], $6::bytea[]) AS e(day, session, seq, type, line), lease
          ON CONFLICT DO NOTHING),
        changed AS (
          UPDATE enclave.session s SET tool_calls = greatest(s.tool_calls, c.tool_calls), state = c.state, ended_at = CASE WHEN c.ended THEN now() END
          FROM unnest($7::bigint[], $8::integer[], $9::text[], $10::boolean[]) AS c(key, tool_calls, state, ended), lease
            WHERE s.key = c.key AND s.ended_at IS NULL),
        called AS (
          INSERT INTO enclave.tool_call (day, session, call_id, broker)
          SELECT c.day, c.session, c.call_id, lease.id FROM unnest($11::date[], $12::bigint[], $13::text[]) AS c(day, session, call_id), lease
          ON CONFLICT DO NOTHING),
        closed AS (
          UPDATE enclave.tool_call t SET closed_at = now()
          FROM unnest($14::date[], $15::bigint[], $16::text[]) AS c(day, session, call_id), lease
            WHERE t.day = c.day AND t.session = c.session AND t.call_id = c.call_id)
        SELECT (SELECT count(*) FROM lease), (SELECT count(pg_notify('enclave_' || n.broker, 'e ' || n.session))
          FROM unnest($17::bigint[], $18::bigint[]) AS n(broker, session), lease)
        """;

    /// <summary>Parameters: owner, id.</summary>
    public const string Find = $"SELECT {Columns} FROM enclave.session s WHERE s.owner = $1 AND s.id = $2 AND NOT s.forgotten LIMIT 1";

    /// <summary>Parameter: owner.</summary>
    public const string List = $"SELECT {Columns} FROM enclave.session s WHERE s.owner = $1 AND NOT s.forgotten ORDER BY s.key DESC LIMIT 1000";

    /// <summary>Parameter: key. Run it before <see cref="Read"/>: if the session has ended, its last event can be read.</summary>
    public const string HasEnded = "SELECT ended_at IS NOT NULL, broker FROM enclave.session WHERE key = $1 LIMIT 1";

    /// <summary>Parameters: day, key, first number. Reads up to 256 KB and one event: a slow reader holds them while it sends them.</summary>
    public const string Read = """
        SELECT seq, type, line FROM (
          SELECT seq, type, line, sum(octet_length(line)) OVER (ORDER BY seq) - octet_length(line) AS before
          FROM enclave.event WHERE day = $1 AND session = $2 AND seq >= $3 ORDER BY seq LIMIT 500) e
        WHERE before < 262144 ORDER BY seq
        """;

    /// <summary>Parameters: key, reason.</summary>
    public const string Cancel = """
        WITH c AS (UPDATE enclave.session SET cancel_at = now(), cancel_reason = $2 WHERE key = $1 AND ended_at IS NULL AND cancel_at IS NULL
          RETURNING broker, key)
        SELECT pg_notify('enclave_' || broker, 'c ' || key) FROM c
        """;

    /// <summary>Parameters: owner, id.</summary>
    public const string Forget = """
        WITH f AS (UPDATE enclave.session SET forgotten = true, cancel_at = coalesce(cancel_at, now()) WHERE owner = $1 AND id = $2 AND NOT forgotten
          RETURNING broker, key)
        SELECT key, pg_notify('enclave_' || broker, 'c ' || key) FROM f
        """;

    /// <summary>Parameter: broker. Finds cancels whose message was lost.</summary>
    public const string Cancelled =
        "SELECT key, cancel_reason FROM enclave.session WHERE broker = $1 AND ended_at IS NULL AND cancel_at IS NOT NULL LIMIT 1000";

    /// <summary>Parameter: key.</summary>
    public const string CancelReason = "SELECT cancel_reason FROM enclave.session WHERE key = $1 AND cancel_at IS NOT NULL LIMIT 1";

    /// <summary>Parameters: day, key, call, answer.</summary>
    public const string Answer = """
        WITH a AS (UPDATE enclave.tool_call SET answer = $4, answered_at = now()
          WHERE day = $1 AND session = $2 AND call_id = $3 AND answered_at IS NULL AND closed_at IS NULL RETURNING broker)
        SELECT pg_notify('enclave_' || broker, 'a ' || $2::text || ' ' || $3) FROM a
        """;

    /// <summary>Parameters: day, key, call.</summary>
    public const string Answered =
        "SELECT answer FROM enclave.tool_call WHERE day = $1 AND session = $2 AND call_id = $3 AND answered_at IS NOT NULL AND closed_at IS NULL LIMIT 1";

    /// <summary>Parameter: broker. Finds answers whose message was lost.</summary>
    public const string AllAnswered =
        "SELECT session, call_id, answer FROM enclave.tool_call WHERE broker = $1 AND answered_at IS NOT NULL AND closed_at IS NULL LIMIT 20";

    /// <summary>Parameters: broker of the session, its key, broker that reads.</summary>
    public const string Watch = "SELECT pg_notify('enclave_' || $1::bigint, 'w ' || $2::bigint || ' ' || $3::bigint)";

    /// <summary>Parameters: broker that reads, key.</summary>
    public const string Tell = "SELECT pg_notify('enclave_' || $1::bigint, 'e ' || $2::bigint)";

    /// <summary>Parameter: the report of a broker or runtime.</summary>
    public const string TellFleet = $"SELECT pg_notify('{FleetChannel}', $1)";

    public const string Maintain = "SELECT enclave.maintain()";

    public const string ExpireReferences =
        "DELETE FROM enclave.reference WHERE key = ANY (ARRAY(SELECT key FROM enclave.reference WHERE expires_at < now() ORDER BY expires_at LIMIT 1000))";

    /// <summary>Parameters: key, value, time to live.</summary>
    public const string SetReference = "INSERT INTO enclave.reference (key, value, expires_at) VALUES ($1, $2, now() + $3::interval) " +
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at";

    /// <summary>Parameter: key.</summary>
    public const string GetReference = "SELECT value FROM enclave.reference WHERE key = $1 AND expires_at > now() LIMIT 1";

    /// <summary>Parameter: key.</summary>
    public const string RemoveReference = "DELETE FROM enclave.reference WHERE key = $1";

    /// <summary>Parameters: hosts, sequences, records. Skips records that were written before, today or yesterday.</summary>
    public const string Audit = """
        INSERT INTO enclave.audit (host, sequence, record)
        SELECT r.host, r.sequence, r.record::json FROM unnest($1::text[], $2::bigint[], $3::text[]) AS r(host, sequence, record)
        WHERE NOT EXISTS (SELECT 1 FROM enclave.audit a WHERE a.day = (now() AT TIME ZONE 'utc')::date - 1 AND a.host = r.host AND a.sequence = r.sequence)
        ON CONFLICT DO NOTHING
        """;
}
