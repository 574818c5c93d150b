using System.Globalization;
using System.Runtime.Versioning;
using Enclave.Engine;
using Enclave.Isolation;
using Enclave.Linux;
using Enclave.Processes;
using Enclave.Workers.Comparison;

namespace Enclave.Workers;

/// <summary>Starts the engine's own workers: a nursery in the level's jail for each setup, and cells forked from it.</summary>
/// <remarks>Everything happens on the spawning thread, which needs no lock.</remarks>
[SupportedOSPlatform("linux")]
internal sealed class JailedLauncher : IWorkerLauncher, INurseryOwner
{
    /// <summary>Longer than the kernel takes to end all processes of a jail.</summary>
    private static readonly TimeSpan s_reaping = TimeSpan.FromSeconds(5);

    private readonly Dictionary<WorkerSetup, NurserySlot> _slots = [];
    private readonly HashSet<Nursery> _nurseries = [];
    private readonly ProcessCommand _command;
    private readonly IsolationPlan _plan;
    private readonly WorkerBudget _budget;
    private readonly EngineSeal _seal;
    private readonly IReadOnlyList<JailBind> _binds;
    private readonly HashSet<string> _files;
    private ISecurityObserver? _observer;

    private static int s_rehearsed;

    /// <summary>True if workers are reset by copying all their memory, if <c>ENCLAVE_RESET=copied</c> is set (docs/operations.md).</summary>
    private static readonly bool s_copiesAll = Environment.GetEnvironmentVariable("ENCLAVE_RESET") == "copied";

    /// <inheritdoc cref="Nursery.MaxCells"/>
    public int MaxCellsPerNursery { get; init; } = 10_000;

    /// <inheritdoc cref="Nursery.PageListing"/>
    public PageListing PageListing { get; init; }

    public Machine Machine => _plan.Machine;

    public JailedLauncher(EngineFiles files, IReadOnlyList<string> engineFlags, IsolationPlan plan, WorkerBudget budget)
    {
        (_plan, _budget, _seal) = (plan, budget, new EngineSeal(files) { AllowsWriters = !plan.Applies(IsolationLayer.ProtectedFiles) });
        _binds = WorkerFiles.Binds(files);
        _files = _binds.Select((bind) => bind.Target).ToHashSet(StringComparer.Ordinal);
        _command = Command(files, engineFlags, plan, plan.ChangesUser ? UserChange.AtTheLock : UserChange.None);
    }

    /// <summary>Names the observer of a changed file of the engine, and of a nursery's violation.</summary>
    public void ReportTo(ISecurityObserver observer) => _observer = observer;

    public void Launch(WorkerSetup setup, Action<IWorkerProcess> started, Action<string, ErrorCode> failed) => SpawnThread.Post(() =>
    {
        NurserySlot slot = SlotOf(setup);
        slot.Waiting.Enqueue(new Launching(started, failed));
        try
        {
            if (slot.Current is null || slot.Current.IsWorn) StartNursery(setup, slot);
            if (slot.Current is not null) ForkAll(setup, slot);
        }
        catch (Exception fault) when (Scarcity.IsCauseOf(fault))
        {
            FailAll(slot, fault.Message, ErrorCode.WorkerCrashed);
        }
    });

    public void LaunchFrom(ISharedCheckpoint checkpoint, WorkerSetup setup, Action<IWorkerProcess> started, Action<string, ErrorCode> failed) =>
        SpawnThread.Post(() =>
        {
            if ((FreeDescriptors.Missing() is { } missing ? (missing, ErrorCode.WorkerCrashed) : FindEngineFault()) is var (why, code))
            {
                failed(why, code);
                return;
            }

            var confinement = Confinement.Take(_plan, _budget, _files);
            if (((Nursery)checkpoint).Fork(confinement, out string? fault) is { } cell)
            {
                started(cell);
                return;
            }

            confinement.Dispose();
            failed(fault!, ErrorCode.WorkerCrashed);
        });

    /// <summary>Ends the nurseries and their remaining cells. A later launch starts new ones.</summary>
    public async Task StopAsync()
    {
        var stopped = new TaskCompletionSource<Task[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        SpawnThread.Post(() =>
        {
            Nursery[] all = [.. _nurseries];
            foreach (Nursery nursery in all) nursery.Kill();
            stopped.SetResult([.. all.Select((nursery) => nursery.Gone)]);
        });
        Task[] gone = await stopped.Task.ConfigureAwait(false);
        await Task.WhenAny(Task.WhenAll(gone), Task.Delay(s_reaping, CancellationToken.None)).ConfigureAwait(false);
    }

    void INurseryOwner.OnReady(Nursery nursery) => SpawnThread.Post(() =>
    {
        (WorkerSetup? setup, NurserySlot? slot) = _slots.FirstOrDefault((slot) => slot.Value.Next == nursery);
        if (setup is null || slot is null) return;
        slot.Current?.Retire();
        (slot.Current, slot.Next) = (nursery, null);
        ForkAll(setup, slot);
    });

    void INurseryOwner.OnViolation(SecurityEventKind kind, int pid, string what) => Report(kind, pid, what);

    void INurseryOwner.OnStuck(Nursery nursery, string why, ErrorCode code) => SpawnThread.Post(() => Replace(nursery, why, code));

    void INurseryOwner.OnEnded(Nursery nursery, string why, ErrorCode code) => SpawnThread.Post(() =>
    {
        _nurseries.Remove(nursery);
        Replace(nursery, why, code);
    });

    /// <summary>Fails the launches that wait for this nursery. The next launch starts another one.</summary>
    private void Replace(Nursery nursery, string why, ErrorCode code)
    {
        foreach (NurserySlot slot in _slots.Values)
        {
            if (slot.Current == nursery) slot.Current = null;
            if (slot.Next != nursery) continue;
            slot.Next = null;
            if (slot.Current is null) FailAll(slot, why, code);
        }
    }

    private NurserySlot SlotOf(WorkerSetup setup)
    {
        if (!_slots.TryGetValue(setup, out NurserySlot? slot)) _slots[setup] = slot = new NurserySlot();
        return slot;
    }

    private void StartNursery(WorkerSetup setup, NurserySlot slot)
    {
        if (slot.Next is not null || !HasDescriptors(slot) || !IsEngineIntact(slot)) return;
        ReaderThreads.Start();
        var confinement = Confinement.TakeForNursery(_plan, _budget, _files);
        string? fault = "the system gives no socket";
        NurserySocket? socket = NurserySocket.TryOpen();
        StartedProcess? started = socket is null ? null : ProcessLauncher.Start(_command, out fault, socket.Child);
        socket?.CloseChild();
        if (started is not { } process)
        {
            socket?.Dispose();
            confinement.Dispose();
            if (slot.Current is null) FailAll(slot, fault!, ErrorCode.WorkerCrashed);
            return;
        }

        slot.Next = new Nursery(new SpawnedWorker(process, confinement), socket!, setup, this) { MaxCells = MaxCellsPerNursery, PageListing = PageListing };
        _nurseries.Add(slot.Next);
        slot.Next.Open();
        // The rehearsal is queued after the waiting worker starts, so that it does not delay them.
        if (Interlocked.Exchange(ref s_rehearsed, 1) == 0) SpawnThread.Post(() => IsolationVerification.Rehearse(_plan));
    }

    private void ForkAll(WorkerSetup setup, NurserySlot slot)
    {
        while (slot.Waiting.Count > 0 && slot.Current is { } nursery && HasDescriptors(slot) && IsEngineIntact(slot))
        {
            var confinement = Confinement.Take(_plan, _budget, _files);
            if (nursery.Fork(confinement, out string? fault) is { } cell)
            {
                Begin(slot.Waiting.Dequeue(), cell);
                continue;
            }

            confinement.Dispose();
            // Jobs on its cells continue. Waiting launches get a cell of the next nursery, or its failure.
            slot.Current = null;
            nursery.Retire();
            if (slot.HasFailed) FailAll(slot, fault!, ErrorCode.WorkerCrashed);
            slot.HasFailed = !slot.HasFailed;
            if (slot.Waiting.Count > 0) StartNursery(setup, slot);
            return;
        }

        slot.HasFailed = false;
    }

    /// <summary>Gives a launch its worker. If the host cannot connect to it, the launch fails.</summary>
    private static void Begin(Launching waiting, ForkedProcess cell)
    {
        try
        {
            waiting.Started(cell);
        }
        catch (Exception fault) when (Scarcity.IsCauseOf(fault))
        {
            cell.Kill();
            waiting.Failed(fault.Message, ErrorCode.WorkerCrashed);
        }
    }

    /// <summary>True if the process has free descriptors for a start. Otherwise all waiting launches fail, and existing workers continue.</summary>
    private static bool HasDescriptors(NurserySlot slot)
    {
        if (FreeDescriptors.Missing() is not { } why) return true;
        FailAll(slot, why, ErrorCode.WorkerCrashed);
        return false;
    }

    /// <summary>True if the engine's files are the pinned ones, and only trusted users may write them. Otherwise all waiting launches fail.</summary>
    /// <remarks>Called before each fork, too: cells share the files' pages.</remarks>
    private bool IsEngineIntact(NurserySlot slot)
    {
        if (FindEngineFault() is not var (why, code)) return true;
        FailAll(slot, why, code);
        return false;
    }

    private (string Why, ErrorCode Code)? FindEngineFault()
    {
        // The same check as at the host's start: a mandatory layer may be missing now.
        (string Why, ErrorCode Code)? fault = _seal.FindWriters() is { } writers ? (writers, ErrorCode.IsolationUnavailable)
            : _seal.FindChange() is { } broken ? (broken, ErrorCode.WorkerCrashed) : null;
        if (fault is { } found) Report(SecurityEventKind.EngineChanged, 0, found.Why);
        return fault;
    }

    private void Report(SecurityEventKind kind, int pid, string what) =>
        _observer?.OnSecurityEvent(new SecurityEvent { Kind = kind, WorkerId = 0, ProcessId = pid, Detail = what });

    private static void FailAll(NurserySlot slot, string why, ErrorCode code)
    {
        while (slot.Waiting.TryDequeue(out Launching? waiting)) waiting.Failed(why, code);
    }

    private ProcessCommand Command(EngineFiles files, IReadOnlyList<string> flags, IsolationPlan plan, UserChange user)
    {
        if (plan.Form != JailForm.Bubblewrap)
        {
            return new ProcessCommand(WorkerFiles.SystemLoader, [WorkerFiles.SystemLoader, .. Engine(flags), Confined(plan, user)], files.EngineDirectory);
        }

        string[] inner = [WorkerFiles.Loader, "--library-path", WorkerFiles.Libraries, .. Engine(flags), Confined(plan, user)];
        return BubblewrapJail.Around(plan.Machine.Bubblewrap!, inner, _binds, plan.Machine.IsRoot, user);
    }

    // The preload list is split at spaces and colons. The module is named relative to the engine's folder, whose name may contain both.
    private static string[] Engine(IReadOnlyList<string> flags) =>
        ["--preload", "./libenclave-engine.so", "./node", .. flags, "worker", "./snapshot.bin", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)];

    private static string Confined(IsolationPlan plan, UserChange user) =>
        (plan.Applies(IsolationLayer.FileSystem) && plan.Machine.LandlockAbi > 0 ? "landlock" : "open") + (user == UserChange.AtTheLock ? "+user" : "")
        + (plan.Form == JailForm.Bubblewrap && BubblewrapJail.IdInJail(user) > 1 ? "+second" : "")
        // The owner of the user namespace that bubblewrap makes sees the processes in it.
        + (ProcMount.Hides is not null && (plan.Form != JailForm.Bubblewrap || plan.Machine.HasRootUser) ? "+shown" : "") + (s_copiesAll ? "+copy" : "");

    /// <summary>The nurseries of one setup, and the launches that wait for the next one.</summary>
    private sealed class NurserySlot
    {
        public Nursery? Current { get; set; }

        public Nursery? Next { get; set; }

        /// <summary>True if the last nursery was abandoned because it could not fork.</summary>
        public bool HasFailed { get; set; }

        public Queue<Launching> Waiting { get; } = [];
    }

    /// <summary>A launch that waits for a nursery.</summary>
    private sealed record Launching(Action<IWorkerProcess> Started, Action<string, ErrorCode> Failed);
}
