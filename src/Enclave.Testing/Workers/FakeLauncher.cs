using Enclave.Isolation;
using Enclave.Processes;
using Enclave.Testing.Scripts;
using Enclave.Workers;

namespace Enclave.Testing.Workers;

/// <summary>Starts simulated workers: threads of this process. They need nothing of the operating system, so they start everywhere.</summary>
internal sealed class FakeLauncher(ScriptBook book) : IWorkerLauncher
{
    public Machine Machine => Machine.Nothing;

    public void Launch(WorkerSetup setup, Action<IWorkerProcess> started, Action<string, ErrorCode> failed) =>
        SpawnThread.Post(() => started(new FakeProcess(book)));
}
