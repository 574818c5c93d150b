using Enclave.Isolation;
using Enclave.Processes;
using Enclave.Testing.Scripts;
using Enclave.Workers;

namespace Enclave.Testing.Workers;

/// <summary>Starts stand-ins for workers: threads of this process. Nothing of the operating system is asked for, so that they start on every one.</summary>
internal sealed class FakeLauncher(ScriptBook book) : IWorkerLauncher
{
    public Machine Machine => Machine.Nothing;

    public void Launch(WorkerSetup setup, Action<IWorkerProcess> started, Action<string, ErrorCode> failed) => SpawnThread.Post(() => started(new FakeProcess(book)));
}
