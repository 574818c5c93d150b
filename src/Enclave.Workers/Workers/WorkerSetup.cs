using Enclave.Protocol.Messages;

namespace Enclave.Workers;

/// <summary>The setup of a pool's workers. Workers of equal setups come from one nursery.</summary>
/// <param name="MaxFrameBytes">The largest body of a frame, in bytes.</param>
/// <param name="HeapLimit">The memory limit of most runs, in bytes.</param>
/// <param name="LargestLimit">The largest memory limit of a run, in bytes.</param>
/// <param name="RemovedGlobals">Globals that do not exist for scripts.</param>
/// <param name="ClockStep">Steps of the script's clock, in milliseconds.</param>
/// <param name="StartTimeout">How long a worker may take to become ready, without its libraries.</param>
internal sealed record WorkerSetup(
    int MaxFrameBytes, long HeapLimit, long LargestLimit, IReadOnlyList<string> RemovedGlobals, int ClockStep, TimeSpan StartTimeout)
{
    /// <summary>Programs that are evaluated before the first job.</summary>
    public WorkerLibraries Libraries { get; init; } = WorkerLibraries.None;

    /// <summary>How long a worker may take to become ready.</summary>
    public TimeSpan StartTime => StartTimeout + Libraries.StartTime;

    /// <summary>The first message to a forked worker.</summary>
    /// <param name="nonce">Its nonce.</param>
    /// <param name="plan">The rights that it gives up.</param>
    public HelloMessage Hello(byte[] nonce, WorkerLock plan) =>
        new(nonce, MaxFrameBytes, HeapLimit, LargestLimit, RemovedGlobals) { ClockStep = ClockStep, Lock = plan };

    /// <summary>The first message to a started process; the libraries follow.</summary>
    /// <param name="nonce">Its nonce.</param>
    /// <param name="plan">The rights that it gives up.</param>
    public HelloMessage FirstHello(byte[] nonce, WorkerLock plan) => Hello(nonce, plan) with
    {
        // Making the checkpoint needs the libraries' memory twice more for a moment: for its copy, and for the reserve of a reset.
        Lock = plan with { DataBytes = plan.DataBytes + (2 * Libraries.HeldBytes) },
        Libraries = Libraries.Plan,
    };

    /// <summary>The message for a process that was not ready within <see cref="StartTime"/>.</summary>
    public string NotReadyInTime()
    {
        string time = $"not ready within {StartTime.TotalSeconds:0.###} s";
        return Libraries.Any ? $"{time}, in which it was to evaluate the libraries {string.Join(", ", Libraries.Names)}" : time;
    }

    /// <summary>True if the libraries are the cause when a process ended before it was ready: it needed memory for nothing else.</summary>
    public bool BlamesLibraries(ErrorCode code) => Libraries.Any && code == ErrorCode.MemoryLimitExceeded;
}
