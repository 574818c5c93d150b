-- Compatible from: 1
-- Versions side by side. A broker asks for the step that it needs and for the first one that the schema still serves; brokers of version 1 ask for exactly the steps in
-- enclave.migration, so that those after the first stand in a table that they do not read.

ALTER TABLE enclave.setting ADD COLUMN schema_step integer NOT NULL DEFAULT 1, ADD COLUMN compatible_from integer NOT NULL DEFAULT 1;

CREATE TABLE enclave.step (
  number integer PRIMARY KEY CHECK (number > 1),
  name text NOT NULL,
  digest bytea NOT NULL,
  compatible_from integer NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);

-- What a broker speaks with others, and since when it only ends what it has.
ALTER TABLE enclave.broker ADD COLUMN protocol integer NOT NULL DEFAULT 1, ADD COLUMN draining_at timestamptz;
