using Enclave.FakeWorker;

// A worker that misbehaves as its arguments say: each is one step, done in order, and the process ends after the last (see Steps).
Libc.DieWithParent();
using var host = new HostPeer();
foreach (string step in args) Steps.Do(host, step);
return 0;
