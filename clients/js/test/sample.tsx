import { EnclaveProvider, useEnclaveSession } from 'enclave-client/react';

function Runner() {
  const { execute, cancel, isRunning, state, stdout, error } = useEnclaveSession({ timeoutMs: 10_000 });
  return (
    <>
      <button disabled={isRunning} onClick={() => execute('return 6 * 7')}>Run</button>
      <button disabled={!isRunning} onClick={() => cancel('not needed')}>Stop</button>
      <pre>{stdout}</pre>
      <p>{error ? `${error.code}: ${error.message}` : state}</p>
    </>
  );
}

export const App = () => (
  <EnclaveProvider config={{ baseUrl: '/enclave' }}>
    <Runner />
  </EnclaveProvider>
);
