-- Compatible from: 1
-- Durable runs. Hosts have a row in enclave.broker and a lease like brokers: its id stands in all that they write.

-- How long a host is waited for, also by others that are set to less. Null for brokers.
ALTER TABLE enclave.lease ADD COLUMN length interval;

CREATE TABLE enclave.run (
  key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Hashes, because names hold any character: of tenant and name, and of the tenant.
  id uuid NOT NULL,
  tenant uuid NOT NULL,
  journal uuid NOT NULL,
  changed timestamptz NOT NULL,
  state smallint NOT NULL,
  -- When a host may take it. An answer makes it -infinity.
  wake timestamptz,
  answers integer NOT NULL DEFAULT 0,
  entries integer NOT NULL,
  bytes bigint NOT NULL,
  parts integer NOT NULL DEFAULT 1,
  -- The host that has it, and how often it was taken. A write names both.
  owner bigint,
  epoch integer NOT NULL DEFAULT 1,
  -- The server, its timeline and this table when a host had it last. One of them is another after a recovery, a promotion and a dump.
  timeline bigint NOT NULL,
  -- What the store itself reads of it, and the sealed head.
  stored bytea NOT NULL
) WITH (fillfactor = 90);
CREATE UNIQUE INDEX run_id ON enclave.run (id);
CREATE INDEX run_listed ON enclave.run (changed);
CREATE INDEX run_of_tenant ON enclave.run (tenant, changed);
CREATE INDEX run_due ON enclave.run (wake) WHERE owner IS NULL AND wake IS NOT NULL;
CREATE INDEX run_of_owner ON enclave.run (owner) WHERE owner IS NOT NULL;

-- Not by day: runs end in another order than they begin.
CREATE TABLE enclave.run_part (
  run bigint NOT NULL,
  number integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (run, number)
);
-- Sealed bytes cannot be compressed.
ALTER TABLE enclave.run_part ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Waits that a token answers, by the token's hash.
CREATE TABLE enclave.run_wait (
  token uuid NOT NULL,
  run bigint NOT NULL,
  call bigint NOT NULL,
  answer bytea,
  PRIMARY KEY (token, run, call)
);
ALTER TABLE enclave.run_wait ALTER COLUMN answer SET STORAGE EXTERNAL;

-- What a tenant has, counted by each host on its own, so that hosts do not wait for each other.
CREATE TABLE enclave.run_usage (
  tenant uuid NOT NULL,
  broker bigint NOT NULL,
  runs bigint NOT NULL,
  bytes bigint NOT NULL,
  PRIMARY KEY (broker, tenant)
) WITH (fillfactor = 50);
CREATE INDEX run_usage_tenant ON enclave.run_usage (tenant);
