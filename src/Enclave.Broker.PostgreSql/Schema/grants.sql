-- The rights of a broker. It defines nothing, and neither changes nor deletes anything in the log and the audit.
-- Run at each migration, with the role in enclave.broker_role.
DO $$
DECLARE
  role text := current_setting('enclave.broker_role');
BEGIN
  -- Revokes the default rights of PUBLIC on objects that this role owns; a statement on other objects would fail.
  -- Each broker reports the remaining rights when it starts (BrokerRights).
  IF pg_has_role(current_user, (SELECT datdba FROM pg_database WHERE datname = current_database()), 'USAGE') THEN
    EXECUTE format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC, %I', current_database(), role);
  END IF;
  IF pg_has_role(current_user, (SELECT nspowner FROM pg_namespace WHERE nspname = 'public'), 'USAGE') THEN
    EXECUTE format('REVOKE CREATE ON SCHEMA public FROM PUBLIC, %I', role);
  END IF;
  IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    EXECUTE format('REVOKE EXECUTE ON FUNCTION pg_catalog.lo_creat(integer), pg_catalog.lo_create(oid), '
      'pg_catalog.lo_from_bytea(oid, bytea) FROM PUBLIC, %I', role);
  END IF;
  EXECUTE format('REVOKE CREATE ON SCHEMA enclave FROM PUBLIC, %I', role);
  EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA enclave FROM %I', role);
  EXECUTE format('GRANT USAGE ON SCHEMA enclave TO %I', role);
  EXECUTE format('GRANT SELECT ON enclave.migration, enclave.setting TO %I', role);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON enclave.broker, enclave.session, enclave.tool_call, enclave.bucket TO %I', role);
  EXECUTE format('GRANT SELECT, INSERT ON enclave.event, enclave.audit TO %I', role);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON enclave.lease, enclave.reference, enclave.run, enclave.run_part, enclave.run_wait, enclave.run_usage TO %I', role);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON enclave.policy, enclave.budget, enclave.usage_hour TO %I', role);
  EXECUTE format('GRANT SELECT, INSERT ON enclave.policy_change, enclave.ledger TO %I', role);
  EXECUTE format('GRANT SELECT, UPDATE ON enclave.policy_version TO %I', role);
  EXECUTE format('GRANT EXECUTE ON FUNCTION enclave.maintain() TO %I', role);
END $$;
