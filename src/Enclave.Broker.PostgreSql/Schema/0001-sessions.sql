-- What brokers share. Everything here belongs to the owner's role; what the brokers' role may do stands in grants.sql.

CREATE TABLE enclave.setting (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  keep_days integer NOT NULL DEFAULT 7 CHECK (keep_days BETWEEN 1 AND 3650)
);
INSERT INTO enclave.setting DEFAULT VALUES;

-- One row for each stretch in which a broker holds a lease. Its id is the epoch of all that it writes: once fenced, it writes no more.
CREATE TABLE enclave.broker (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  fenced_at timestamptz,
  -- When the last of its sessions had its end.
  concluded_at timestamptz
);
CREATE INDEX broker_fenced ON enclave.broker (fenced_at) WHERE fenced_at IS NOT NULL AND concluded_at IS NULL;
CREATE INDEX broker_concluded ON enclave.broker (concluded_at) WHERE concluded_at IS NOT NULL;

-- The heartbeat lies apart from the row that each write locks.
CREATE TABLE enclave.lease (
  broker bigint PRIMARY KEY,
  beat bigint NOT NULL DEFAULT 0,
  seen_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX lease_seen ON enclave.lease (seen_at);

CREATE TABLE enclave.session (
  key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- The partition of all its events, however long it runs.
  day date NOT NULL DEFAULT (now() AT TIME ZONE 'utc')::date,
  owner text NOT NULL,
  id text NOT NULL,
  tenant text,
  broker bigint NOT NULL,
  terms jsonb NOT NULL,
  sealed boolean NOT NULL,
  state text NOT NULL DEFAULT 'running',
  tool_calls integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  cancel_at timestamptz,
  cancel_reason bytea,
  forgotten boolean NOT NULL DEFAULT false,
  idempotency_key text,
  request_digest bytea
);
CREATE UNIQUE INDEX session_name ON enclave.session (owner, id) WHERE NOT forgotten;
CREATE UNIQUE INDEX session_idempotency ON enclave.session (owner, idempotency_key) WHERE idempotency_key IS NOT NULL AND NOT forgotten;
CREATE INDEX session_listed ON enclave.session (owner, key) WHERE NOT forgotten;
CREATE INDEX session_running ON enclave.session (owner) WHERE ended_at IS NULL;
CREATE INDEX session_of_broker ON enclave.session (broker, key) WHERE ended_at IS NULL;
CREATE INDEX session_cancelled ON enclave.session (broker) WHERE ended_at IS NULL AND cancel_at IS NOT NULL;
CREATE INDEX session_day ON enclave.session (day);

CREATE TABLE enclave.event (
  day date NOT NULL,
  session bigint NOT NULL,
  seq bigint NOT NULL,
  type text NOT NULL,
  line bytea NOT NULL,
  PRIMARY KEY (day, session, seq)
) PARTITION BY RANGE (day);

-- Calls that the session's client answers itself.
CREATE TABLE enclave.tool_call (
  day date NOT NULL,
  session bigint NOT NULL,
  call_id text NOT NULL,
  broker bigint NOT NULL,
  answer bytea,
  answered_at timestamptz,
  closed_at timestamptz,
  PRIMARY KEY (day, session, call_id)
) PARTITION BY RANGE (day);
CREATE INDEX tool_call_answered ON enclave.tool_call (broker) WHERE answered_at IS NOT NULL AND closed_at IS NULL;

CREATE TABLE enclave.audit (
  day date NOT NULL DEFAULT (now() AT TIME ZONE 'utc')::date,
  host text NOT NULL,
  sequence bigint NOT NULL,
  -- Not jsonb, which takes no text with a NUL in it; tools are called by whatever name a script likes.
  record json NOT NULL,
  PRIMARY KEY (day, host, sequence)
) PARTITION BY RANGE (day);

CREATE TABLE enclave.reference (
  key text PRIMARY KEY,
  value bytea NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX reference_expires ON enclave.reference (expires_at);

-- A crash of the server fills them up, which harms nobody.
CREATE UNLOGGED TABLE enclave.bucket (
  owner text PRIMARY KEY,
  tokens double precision NOT NULL,
  granted boolean NOT NULL,
  filled_at timestamptz NOT NULL
);
CREATE INDEX bucket_filled ON enclave.bucket (filled_at);

-- Makes the partitions of the days to come and drops those that are out of their time, with the owner's rights: brokers call it and can ask for nothing else.
CREATE FUNCTION enclave.maintain() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog SET lock_timeout = '2s' AS $$
DECLARE
  today date := (now() AT TIME ZONE 'utc')::date;
  horizon date;
  parent text;
  old record;
  dropped integer := 0;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('enclave.maintain', 0)) THEN RETURN -1; END IF;
  SELECT today - keep_days INTO horizon FROM enclave.setting;
  FOREACH parent IN ARRAY ARRAY['event', 'tool_call', 'audit'] LOOP
    FOR ahead IN -1..3 LOOP
      IF to_regclass(format('enclave.%I', parent || to_char(today + ahead, '_YYYYMMDD'))) IS NULL THEN
        EXECUTE format('CREATE TABLE enclave.%I PARTITION OF enclave.%I FOR VALUES FROM (%L) TO (%L)', parent || to_char(today + ahead, '_YYYYMMDD'), parent, today + ahead, today + ahead + 1);
      END IF;
    END LOOP;
    FOR old IN
      SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = format('enclave.%I', parent)::regclass AND to_date(right(c.relname, 8), 'YYYYMMDD') < horizon
    LOOP
      EXECUTE format('DROP TABLE enclave.%I', old.relname);
      dropped := dropped + 1;
    END LOOP;
  END LOOP;
  DELETE FROM enclave.session WHERE day < horizon;
  DELETE FROM enclave.broker WHERE concluded_at < horizon;
  DELETE FROM enclave.bucket WHERE filled_at < now() - interval '1 hour';
  RETURN dropped;
END $$;
REVOKE ALL ON FUNCTION enclave.maintain() FROM PUBLIC;
