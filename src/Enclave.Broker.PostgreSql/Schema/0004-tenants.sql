-- Compatible from: 1
-- Tenants: their policies, what hosts have taken of budgets, and the ledger.

-- The policy of a tenant; the tenant '' stands for the default. Null where a policy was removed.
CREATE TABLE enclave.policy (
  tenant text PRIMARY KEY,
  policy text,
  version bigint NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now()
);

-- One row. Its lock puts changes in order: a reader that has seen a version has seen all earlier ones.
CREATE TABLE enclave.policy_version (one boolean PRIMARY KEY DEFAULT true CHECK (one), version bigint NOT NULL DEFAULT 0);
INSERT INTO enclave.policy_version DEFAULT VALUES;

-- The audit: who, when, from, to.
CREATE TABLE enclave.policy_change (
  version bigint PRIMARY KEY,
  tenant text NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  before text,
  after text
);

-- The sum of the slices that hosts have taken of a budget in a period, less what they gave back.
CREATE TABLE enclave.budget (
  book text NOT NULL,
  counter text NOT NULL,
  period bigint NOT NULL,
  taken bigint NOT NULL,
  slice bigint NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (book, counter, period)
);

-- One row for each run.
CREATE TABLE enclave.ledger (
  id text PRIMARY KEY,
  tenant text,
  key text,
  script text NOT NULL,
  begun timestamptz NOT NULL,
  row json NOT NULL
);
CREATE INDEX ledger_begun ON enclave.ledger (begun);

-- The sums of each hour, kept with the rows.
CREATE TABLE enclave.usage_hour (
  hour timestamptz NOT NULL,
  tenant text,
  key text,
  script text NOT NULL,
  runs bigint NOT NULL,
  failed bigint NOT NULL,
  lost bigint NOT NULL,
  not_begun bigint NOT NULL,
  cpu_ms double precision NOT NULL,
  wall_ms double precision NOT NULL,
  tool_calls bigint NOT NULL,
  bytes_in bigint NOT NULL,
  bytes_out bigint NOT NULL
);
CREATE UNIQUE INDEX usage_hour_group ON enclave.usage_hour (hour, coalesce('t' || tenant, ''), coalesce('k' || key, ''), script);
