-- What a broker may do: no definition of anything, and nothing of the log or the audit is changed or deleted. Run at each migration, with the role in enclave.broker_role.
DO $$
DECLARE
  role text := current_setting('enclave.broker_role');
BEGIN
  EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA enclave FROM %I', role);
  EXECUTE format('GRANT USAGE ON SCHEMA enclave TO %I', role);
  EXECUTE format('GRANT SELECT ON enclave.migration, enclave.setting TO %I', role);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON enclave.broker, enclave.session, enclave.tool_call, enclave.bucket TO %I', role);
  EXECUTE format('GRANT SELECT, INSERT ON enclave.event, enclave.audit TO %I', role);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON enclave.lease, enclave.reference TO %I', role);
  EXECUTE format('GRANT EXECUTE ON FUNCTION enclave.maintain() TO %I', role);
END $$;
