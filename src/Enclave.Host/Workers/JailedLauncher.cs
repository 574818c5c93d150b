using System.Globalization;
using Enclave.Isolation;
using Enclave.Limits;

namespace Enclave.Workers;

/// <summary>Starts the engine's own workers, with what the level wants around them.</summary>
internal sealed class JailedLauncher : IWorkerLauncher
{
    private readonly WorkerCommand _command;
    private readonly WorkerCommand _staysCommand;
    private readonly IsolationPlan _plan;
    private readonly WorkerBudget _budget;
    private readonly EngineSeal _seal;
    private readonly IReadOnlyList<JailBind> _binds;
    private readonly HashSet<string> _files;

    private static int s_rehearsed;

    /// <summary>Whether workers are reset by copying all of their memory, which <c>ENCLAVE_RESET=copied</c> asks for (docs/operations.md).</summary>
    private static readonly bool s_copiesAll = Environment.GetEnvironmentVariable("ENCLAVE_RESET") == "copied";

    /// <summary>Called when a file of the engine is not the pinned one. Nothing is started then.</summary>
    public Action<string>? EngineChanged { get; init; }

    public JailedLauncher(EngineFiles files, IReadOnlyList<string> engineFlags, IsolationPlan plan, WorkerBudget budget)
    {
        (_plan, _budget, _seal) = (plan, budget, new EngineSeal(files) { AllowsWriters = !plan.Applies(IsolationLayer.ProtectedFiles) });
        _binds = WorkerFiles.Binds(files);
        _files = _binds.Select((bind) => bind.Target).ToHashSet(StringComparer.Ordinal);
        _command = Command(files, engineFlags, plan, plan.ChangesUser ? UserChange.AtTheLock : UserChange.None);
        _staysCommand = plan.ChangesUser ? Command(files, engineFlags, plan, UserChange.None) : _command;
    }

    public void Launch(Action<IWorkerProcess> started, Action<string, ErrorCode> failed) => SpawnThread.Post(() =>
    {
        if (_seal.FindWriters() is { } writers)
        {
            // As at the host's start: a mandatory layer is not there.
            EngineChanged?.Invoke(writers);
            failed(writers, ErrorCode.IsolationUnavailable);
            return;
        }

        if (_seal.FindChange() is { } broken)
        {
            EngineChanged?.Invoke(broken);
            failed(broken, ErrorCode.WorkerCrashed);
            return;
        }

        var confinement = Confinement.Take(_plan, _budget, _files);
        // One for whom no user was left keeps no capability for the step that it will not make.
        if (WorkerLauncher.Start(confinement.User is null ? _staysCommand : _command, confinement, out string? fault) is { } process)
        {
            started(process);
            // Behind the starts that wait.
            if (Interlocked.Exchange(ref s_rehearsed, 1) == 0) SpawnThread.Post(() => IsolationLook.Rehearse(_plan));
            return;
        }

        confinement.Dispose();
        failed(fault!, ErrorCode.WorkerCrashed);
    });

    private WorkerCommand Command(EngineFiles files, IReadOnlyList<string> flags, IsolationPlan plan, UserChange user)
    {
        if (plan.Form != JailForm.Bubblewrap)
        {
            return new WorkerCommand(WorkerFiles.SystemLoader, [WorkerFiles.SystemLoader, .. Engine(flags), Confined(plan, user)], files.EngineDirectory);
        }

        string[] inner = [WorkerFiles.Loader, "--library-path", WorkerFiles.Libraries, .. Engine(flags), Confined(plan, user)];
        return BubblewrapJail.Around(plan.Machine.Bubblewrap!, inner, _binds, plan.Machine.IsRoot, user);
    }

    // The preload list is split at spaces and colons: the module is named relative to the engine's folder, which may have any name.
    private static string[] Engine(IReadOnlyList<string> flags) =>
        ["--preload", "./libenclave-engine.so", "./node", .. flags, "worker", "./snapshot.bin", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)];

    private static string Confined(IsolationPlan plan, UserChange user) =>
        (plan.Applies(IsolationLayer.FileSystem) && plan.Machine.LandlockAbi > 0 ? "landlock" : "open") + (user == UserChange.AtTheLock ? "+user" : "")
        + (plan.Form == JailForm.Bubblewrap && BubblewrapJail.IdInJail(user) > 1 ? "+second" : "") + (s_copiesAll ? "+copy" : "");
}
