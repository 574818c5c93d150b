using Enclave.Processes;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;

namespace Enclave.Workers;

/// <summary>A job for its worker: its limits, and the receiver of its frames and of its end. It acts on the worker through its lease only.</summary>
/// <remarks>Frames come on the worker's thread only. Failures may come from any thread.</remarks>
internal interface IWorkerJob
{
    ulong Id { get; }

    /// <summary>The id of its run; null for a run of the host's own.</summary>
    string? RunId { get; }

    /// <summary>Its tenant; null for none.</summary>
    string? Tenant { get; }

    RunLimits Limits { get; }

    /// <summary>Time since its start.</summary>
    TimeSpan Duration { get; }

    /// <summary>CPU time of the worker since the job's start, by the operating system's count.</summary>
    long CpuMicroseconds { get; }

    /// <summary>True if its caller has its answer.</summary>
    bool HasAnswer { get; }

    /// <summary>True if a tool runs for the job, or one of its calls waits for memory in the host.</summary>
    bool WaitsForTools { get; }

    /// <summary>True if a tool call waits until there is memory for its arguments in the host.</summary>
    bool WaitsForRoom { get; }

    /// <summary>Handles a frame.</summary>
    FrameOutcome OnFrame(in Frame frame);

    /// <summary>As <see cref="OnFrame"/>, for the frame that was held back, if it is still there.</summary>
    FrameOutcome OnResumed();

    /// <summary>Makes the answer from the worker's result, and keeps it for <see cref="Settle"/>.</summary>
    JobOutcome Conclude(in ResultMessage result);

    /// <summary>Gives the answer that <see cref="Conclude"/> made to the job's caller.</summary>
    /// <param name="reader">Notifies the caller on this thread when nothing else is to be done there; null for the thread pool.</param>
    void Settle(IReaderThread? reader);

    /// <summary>Reports the growth of the worker in bytes.</summary>
    void SawMemory(long growth);

    /// <summary>Ends the job without a result of the worker.</summary>
    void Fail(ErrorCode code, string why);

    /// <summary>As <see cref="Fail"/>, because the worker's process has ended.</summary>
    void FailByExit(ErrorCode code, in ProcessExit exit, string why);
}
