namespace Enclave.Broker.PostgreSql.Statements;

/// <summary>The statements of durable runs, each with its parameters in order.</summary>
internal static class RunStatement
{
    /// <summary>The channel for runs that may be due or have ended. A lost message is replaced by the next look.</summary>
    public const string Channel = "enclave_run";

    /// <summary>
    /// The server, its timeline and the table of runs. A server that ended a recovery or was promoted has another timeline, one that was initialized anew
    /// another identifier, and tables that were filled from a dump are other tables. A copy of the files that starts without a recovery has the same timeline,
    /// and is not recognized.
    /// </summary>
    private const string Timeline = """
        here AS MATERIALIZED (SELECT (SELECT system_identifier FROM pg_control_system())
          # (('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::bigint << 32) # 'enclave.run'::regclass::oid::bigint AS timeline)
        """;

    /// <summary>
    /// Parameters: name, protocol, length of the lease, number. The number is random, because a sequence of the server may give a number again after a
    /// promotion.
    /// </summary>
    public const string Register = """
        WITH b AS (INSERT INTO enclave.broker (id, name, protocol) OVERRIDING SYSTEM VALUE VALUES ($4, $1, $2) RETURNING id)
        INSERT INTO enclave.lease (broker, length) SELECT id, $3 FROM b RETURNING broker
        """;

    /// <summary>True if a commit waits until it is on the disk.</summary>
    public const string IsDurable = "SELECT current_setting('synchronous_commit') <> 'off' LIMIT 1";

    /// <summary>
    /// Commits without a wait for the disk. It is for the owner of a run, which may be lost when the server fails: a host that has lost a run cannot write it.
    /// </summary>
    public const string Relax = "SELECT set_config('synchronous_commit', 'off', true)";

    private const string IsFree = "(r.owner IS NULL OR NOT EXISTS (SELECT 1 FROM enclave.lease l WHERE l.broker = r.owner))";

    private const string Row = "CASE WHEN octet_length(r.stored) <= 1048576 THEN r.stored END, r.answers > 0";

    private const string Count = "ON CONFLICT (broker, tenant) DO UPDATE SET runs = u.runs + excluded.runs, bytes = u.bytes + excluded.bytes";

    /// <summary>
    /// Parameters: host; of runs: ids, tenants, journals, times of change, wake times, rows, first parts, numbers of their entries. Returns those that were
    /// made.
    /// </summary>
    public const string Create = $"""
        WITH {SqlStatement.Lease}, {Timeline},
        given AS (SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::timestamptz[], $7::bytea[], $8::bytea[], $9::integer[])
          AS g(id, tenant, journal, changed, wake, stored, part, entries)),
        made AS (
          INSERT INTO enclave.run (id, tenant, journal, changed, state, wake, entries, bytes, owner, timeline, stored)
          SELECT g.id, g.tenant, g.journal, g.changed, 0, g.wake, g.entries, octet_length(g.part), lease.id, here.timeline, g.stored FROM given g, lease, here
          ORDER BY g.id ON CONFLICT (id) DO NOTHING
          RETURNING key, id, tenant, bytes),
        part AS (INSERT INTO enclave.run_part (run, number, bytes) SELECT made.key, 1, g.part FROM made JOIN given g ON g.id = made.id),
        used AS (INSERT INTO enclave.run_usage AS u (tenant, broker, runs, bytes)
          SELECT tenant, $1, count(*), sum(bytes) FROM made GROUP BY tenant ORDER BY tenant {Count})
        SELECT id, key FROM made
        """;

    /// <summary>Parameters: host; ids, journals. The runs that an earlier attempt has made. Run after a further attempt, it sees both.</summary>
    public const string Created = """
        SELECT r.id, r.key FROM unnest($2::uuid[], $3::uuid[]) AS g(id, journal) JOIN enclave.run r ON r.id = g.id
        WHERE r.journal = g.journal AND r.owner = $1 AND r.epoch = 1 LIMIT 10000
        """;

    /// <summary>
    /// Parameters: host; of runs: keys, epochs, entries before, entries, journals, times of change, states, wake times, rows, sealed entries, whether
    /// they take the place of those before, whether the host gives the run back; of waits that are over: runs, tokens,
    /// calls; of waits that begin: runs, tokens, calls; of runs: their journals before. When a short run is suspended, its parts become one, because it may
    /// sleep for a long time. Returns the keys of the runs that were written.
    /// </summary>
    public const string Save = $"""
        WITH {SqlStatement.Lease}, {Timeline},
        target AS MATERIALIZED (
          SELECT g.*, r.tenant, r.bytes AS before, r.parts AS number, g.state = 1 AND NOT g.replaces AND NOT g.leaves AND r.bytes <= 8192 AS merges
          FROM unnest($2::bigint[], $3::integer[], $4::integer[], $5::integer[], $6::uuid[], $7::timestamptz[], $8::smallint[], $9::timestamptz[], $10::bytea[],
            $11::bytea[], $12::boolean[], $13::boolean[], $20::uuid[])
            AS g(key, epoch, first, entries, journal, changed, state, wake, stored, part, replaces, leaves, was)
          JOIN enclave.run r ON r.key = g.key JOIN lease ON true
          WHERE r.owner = $1 AND r.epoch = g.epoch AND r.entries = g.first AND r.journal = g.was
          ORDER BY r.key FOR UPDATE OF r),
        over AS (
          DELETE FROM enclave.run_wait w USING unnest($14::bigint[], $15::uuid[], $16::bigint[]) AS o(run, token, call), target t
          WHERE w.token = o.token AND w.run = o.run AND w.call = o.call AND t.key = o.run
          RETURNING w.run, w.answer IS NOT NULL AS answered, coalesce(octet_length(w.answer), 0) AS bytes),
        sums AS (SELECT run, count(*) FILTER (WHERE answered) AS answers, sum(bytes) AS bytes FROM over GROUP BY run),
        begun AS (
          INSERT INTO enclave.run_wait (token, run, call)
          SELECT b.token, b.run, b.call FROM unnest($17::bigint[], $18::uuid[], $19::bigint[]) AS b(run, token, call)
          JOIN target t ON t.key = b.run ON CONFLICT DO NOTHING),
        cut AS (DELETE FROM enclave.run_part p USING target t WHERE (t.replaces OR t.merges) AND p.run = t.key),
        part AS (
          INSERT INTO enclave.run_part (run, number, bytes)
          SELECT t.key, t.number + 1, CASE WHEN t.merges
            THEN (SELECT string_agg(p.bytes, '' ORDER BY p.number) FROM enclave.run_part p WHERE p.run = t.key) || t.part ELSE t.part END
          FROM target t WHERE octet_length(t.part) > 0 OR t.merges),
        changed AS (
          UPDATE enclave.run r SET journal = t.journal, changed = t.changed, state = t.state, entries = t.entries, stored = t.stored, parts = r.parts + 1,
            answers = r.answers - coalesce(s.answers, 0),
            wake = CASE WHEN r.answers > coalesce(s.answers, 0) THEN '-infinity' ELSE t.wake END,
            bytes = octet_length(t.part) + CASE WHEN t.replaces THEN 0 ELSE r.bytes END,
            owner = CASE WHEN t.leaves THEN NULL ELSE r.owner END, timeline = here.timeline
          FROM target t CROSS JOIN here LEFT JOIN sums s ON s.run = t.key WHERE r.key = t.key
          RETURNING r.key, CASE WHEN t.leaves AND (r.wake <= now() OR r.state = 2) THEN r.key END AS told),
        used AS (
          INSERT INTO enclave.run_usage AS u (tenant, broker, runs, bytes)
          SELECT t.tenant, $1, 0, sum(octet_length(t.part) - CASE WHEN t.replaces THEN t.before ELSE 0 END - coalesce(s.bytes, 0))
          FROM target t LEFT JOIN sums s ON s.run = t.key GROUP BY t.tenant ORDER BY t.tenant {Count})
        SELECT key, CASE WHEN told IS NOT NULL THEN pg_notify('{Channel}', told::text) END FROM changed
        """;

    /// <summary>
    /// Parameters: host; keys, epochs, entries, rows. The runs that an earlier attempt has written. Run after a further attempt, which waits for those
    /// that are still under way.
    /// </summary>
    public const string Saved = """
        SELECT r.key FROM unnest($2::bigint[], $3::integer[], $4::integer[], $5::bytea[]) AS g(key, epoch, entries, stored) JOIN enclave.run r ON r.key = g.key
        WHERE r.epoch = g.epoch AND r.entries = g.entries AND r.stored = g.stored AND (r.owner = $1 OR r.owner IS NULL) LIMIT 10000
        """;

    /// <summary>
    /// Parameters: host, id, whether the run may be of another timeline. Takes a run. A run that this host owns in the database is taken again, because the
    /// response of the first take may have been lost. A run that changed after the statement began is not taken. Returns whether the host has a lease, whether
    /// the run may continue at this server, and if it was taken, its key, epoch and row.
    /// </summary>
    public const string Take = $"""
        WITH {SqlStatement.Lease}, {Timeline},
        seen AS MATERIALIZED (SELECT r.key, r.epoch FROM enclave.run r, here WHERE r.id = $2 AND (r.owner = $1 OR {IsFree})
          AND (r.timeline = here.timeline OR r.state = 2 OR $3)),
        taken AS (
          UPDATE enclave.run r SET owner = $1, epoch = r.epoch + 1 FROM lease, seen
          WHERE r.key = seen.key AND r.epoch = seen.epoch
          RETURNING r.key, r.epoch, {Row})
        SELECT EXISTS (SELECT 1 FROM lease), r.timeline = here.timeline OR r.state = 2 OR $3, taken.*
        FROM enclave.run r CROSS JOIN here LEFT JOIN taken ON true WHERE r.id = $2 LIMIT 1
        """;

    /// <summary>Parameter: id.</summary>
    public const string Find = $"SELECT {Row} FROM enclave.run r WHERE r.id = $1 LIMIT 1";

    /// <summary>Parameters: id, most bytes. The run, the number of bytes of its entries, and the entries if they have no more than the most bytes.</summary>
    public const string Read = $"""
        SELECT {Row}, s.bytes,
          CASE WHEN s.bytes <= $2 THEN (SELECT string_agg(p.bytes, '' ORDER BY p.number) FROM enclave.run_part p WHERE p.run = r.key) END
        FROM enclave.run r, LATERAL (SELECT coalesce(sum(octet_length(p.bytes)), 0) AS bytes FROM enclave.run_part p WHERE p.run = r.key) s
        WHERE r.id = $1 LIMIT 1
        """;

    /// <summary>Parameters: token, run, most bytes, call. The number of bytes of the answer, and the answer if it has no more than the most bytes.</summary>
    public const string Answer = """
        SELECT octet_length(answer), CASE WHEN octet_length(answer) <= $3 THEN answer END
        FROM enclave.run_wait WHERE token = $1 AND run = $2 AND call = $4 LIMIT 1
        """;

    /// <summary>Parameters: id, journal, token, answer, host or 0, call.</summary>
    public const string TryAnswer = $"""
        WITH waiting AS MATERIALIZED (SELECT key, tenant FROM enclave.run WHERE id = $1 AND journal = $2 FOR UPDATE),
        answered AS (
          UPDATE enclave.run_wait w SET answer = $4 FROM waiting
          WHERE w.token = $3 AND w.run = waiting.key AND w.call = $6 AND w.answer IS NULL RETURNING w.run),
        woken AS (UPDATE enclave.run r SET answers = r.answers + 1, wake = '-infinity' FROM answered a WHERE r.key = a.run RETURNING r.key, r.tenant),
        used AS (INSERT INTO enclave.run_usage AS u (tenant, broker, runs, bytes) SELECT tenant, $5, 0, octet_length($4) FROM woken {Count})
        SELECT pg_notify('{Channel}', key::text) FROM woken
        """;

    /// <summary>Parameter: token.</summary>
    public const string FindByToken = $"SELECT {Row} FROM enclave.run_wait w JOIN enclave.run r ON r.key = w.run WHERE w.token = $1 LIMIT 1";

    /// <summary>Parameters: time, ids to leave out, most. The beginnings of rows, which have their names.</summary>
    public const string Due = $"""
        WITH {Timeline}
        SELECT substring(r.stored FROM 1 FOR 16384) FROM enclave.run r, here
        WHERE r.owner IS NULL AND r.wake <= $1 AND (r.timeline = here.timeline OR r.state = 2) AND r.id <> ALL ($2::uuid[])
          AND r.tenant <> ALL ($4::uuid[]) ORDER BY r.wake LIMIT $3
        """;

    /// <summary>Parameter: time.</summary>
    public const string NextDue = "SELECT wake FROM enclave.run WHERE owner IS NULL AND wake > $1 ORDER BY wake LIMIT 1";

    /// <summary>A row begins with its names.</summary>
    private const string HasName = "position($4::bytea IN substring(r.stored FROM 1 FOR 16384)) > 0";

    /// <summary>Parameters: state or null, time, most, bytes that the names contain, tenant.</summary>
    public const string ListOfTenant = $"""
        SELECT {Row}, r.changed FROM enclave.run r
        WHERE r.tenant = $5 AND ($1::smallint IS NULL OR r.state = $1) AND r.changed < $2 AND {HasName} ORDER BY r.changed DESC FETCH FIRST $3 ROWS WITH TIES
        """;

    /// <summary>Parameters: state or null, time, most, bytes that the names contain.</summary>
    public const string List = $"""
        SELECT {Row}, r.changed FROM enclave.run r
        WHERE ($1::smallint IS NULL OR r.state = $1) AND r.changed < $2 AND {HasName} ORDER BY r.changed DESC FETCH FIRST $3 ROWS WITH TIES
        """;

    /// <summary>Parameter: tenant.</summary>
    public const string Usage = """
        SELECT coalesce(sum(runs), 0)::bigint, coalesce(sum(bytes), 0)::bigint
        FROM (SELECT runs, bytes FROM enclave.run_usage WHERE tenant = $1 LIMIT 10000) u
        """;

    /// <summary>
    /// Parameter: time. Counts the runs that are running, suspended, held back since the database was restored, ended, and due, and selects the earliest time
    /// at which a due run became due.
    /// </summary>
    public const string CountAll = $"""
        WITH {Timeline},
        counted AS (SELECT r.state, r.wake, r.owner IS NULL AND r.timeline <> here.timeline AND r.state <> 2 AS held,
          r.owner IS NULL AND r.wake <= $1 AND r.timeline = here.timeline AND r.state <> 2 AS due FROM enclave.run r, here)
        SELECT count(*) FILTER (WHERE state IN (0, 3) AND NOT held), count(*) FILTER (WHERE state = 1 AND NOT held), count(*) FILTER (WHERE held),
          count(*) FILTER (WHERE state = 2), count(*) FILTER (WHERE due), min(wake) FILTER (WHERE due AND wake > 'epoch') FROM counted LIMIT 1
        """;

    /// <summary>Parameters: id, host or 0, whether it need not have ended, the tokens of its waits.</summary>
    public const string Delete = $"""
        WITH gone AS (DELETE FROM enclave.run r WHERE r.id = $1 AND (r.state = 2 OR $3) AND {IsFree} RETURNING r.key, r.tenant, r.bytes),
        part AS (DELETE FROM enclave.run_part p USING gone WHERE p.run = gone.key),
        wait AS (DELETE FROM enclave.run_wait w USING gone WHERE w.token = ANY ($4::uuid[]) AND w.run = gone.key
          RETURNING coalesce(octet_length(w.answer), 0) AS bytes),
        used AS (INSERT INTO enclave.run_usage AS u (tenant, broker, runs, bytes)
          SELECT tenant, $2, -1, -bytes - (SELECT coalesce(sum(wait.bytes), 0) FROM wait) FROM gone {Count})
        SELECT 1 FROM gone
        """;

    /// <summary>Frees the runs of hosts without a lease, as the statement saw them: a host that registered since may have taken one.</summary>
    public const string Free = """
        WITH seen AS MATERIALIZED (SELECT r.key, r.epoch FROM enclave.run r
          WHERE r.owner IS NOT NULL AND (SELECT l.broker FROM enclave.lease l WHERE l.broker = r.owner) IS NULL ORDER BY r.key LIMIT 10000),
        lost AS MATERIALIZED (SELECT r.key FROM seen JOIN enclave.run r ON r.key = seen.key WHERE r.epoch = seen.epoch
          ORDER BY r.key FOR UPDATE OF r SKIP LOCKED),
        freed AS (UPDATE enclave.run r SET owner = NULL, epoch = r.epoch + 1 FROM lost WHERE r.key = lost.key RETURNING r.key)
        SELECT count(*) FROM freed
        """;

    /// <summary>Parameter: host. The ids, keys and epochs of the runs that it has.</summary>
    public const string Own = "SELECT id, key, epoch FROM enclave.run WHERE owner = $1 LIMIT 100000";

    /// <summary>Parameters: host, keys, epochs. Frees runs of this host.</summary>
    public const string FreeOwn = """
        WITH given AS (SELECT * FROM unnest($2::bigint[], $3::integer[]) AS g(key, epoch)),
        freed AS (UPDATE enclave.run r SET owner = NULL, epoch = r.epoch + 1 FROM given g
          WHERE r.key = g.key AND r.epoch = g.epoch AND r.owner = $1 RETURNING 1)
        SELECT count(*) FROM freed
        """;

    /// <summary>Parameter: host. Adds the counts of a fenced host to the rows of broker 0, which belong to no host.</summary>
    public const string Fold = $"""
        WITH gone AS (DELETE FROM enclave.run_usage u WHERE u.broker = $1 RETURNING u.tenant, u.runs, u.bytes)
        INSERT INTO enclave.run_usage AS u (tenant, broker, runs, bytes) SELECT tenant, 0, runs, bytes FROM gone ORDER BY tenant {Count}
        """;

    /// <summary>Parameter: time. True if runs are due that were taken last on another server or timeline.</summary>
    public const string HasForeign = $"""
        WITH {Timeline} SELECT EXISTS (SELECT 1 FROM enclave.run r, here WHERE r.owner IS NULL AND r.wake <= $1 AND r.timeline <> here.timeline
          AND r.state <> 2 LIMIT 1)
        """;

    /// <summary>
    /// Parameters: id or null for all, the last key that was seen. Lets the runs of the next page of keys continue that are of another timeline. Returns their
    /// number, and the last key of the page, null after the last page.
    /// </summary>
    public const string Accept = $"""
        WITH {Timeline},
        page AS MATERIALIZED (SELECT r.key FROM enclave.run r WHERE r.key > $2 AND ($1::uuid IS NULL OR r.id = $1) ORDER BY r.key LIMIT 10000),
        held AS MATERIALIZED (SELECT r.key FROM page JOIN enclave.run r ON r.key = page.key CROSS JOIN here
          WHERE r.timeline <> here.timeline AND r.state <> 2 ORDER BY r.key FOR UPDATE OF r),
        accepted AS (UPDATE enclave.run r SET timeline = here.timeline FROM held, here WHERE r.key = held.key RETURNING 1)
        SELECT (SELECT count(*) FROM accepted), (SELECT max(key) FROM page)
        """;
}
