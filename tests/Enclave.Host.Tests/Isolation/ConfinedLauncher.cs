using Enclave.Isolation;
using Enclave.Processes;
using Enclave.Tests;
using Enclave.Workers;

namespace Enclave.Host.Tests;

/// <summary>Starts fake workers that ignore the layers of the plan and claim whatever their steps say.</summary>
internal sealed class ConfinedLauncher(IsolationPlan plan, params string[] steps) : IWorkerLauncher
{
    private static readonly WorkerBudget s_budget = new(1 << 30, 1000, 1 << 30);

    public Machine Machine => Machine.This;

    public void Launch(WorkerSetup setup, Action<IWorkerProcess> started, Action<string, ErrorCode> failed) => SpawnThread.Post(() =>
    {
        string[] command = TestLauncher.FakeCommand(steps);
        var confinement = Confinement.Take(plan, s_budget, new HashSet<string>());
        if (WorkerLauncher.Start(new ProcessCommand(command[0], command, "/"), confinement, out string? fault) is { } process)
        {
            started(process);
            return;
        }

        confinement.Dispose();
        failed(fault!, ErrorCode.WorkerCrashed);
    });
}
