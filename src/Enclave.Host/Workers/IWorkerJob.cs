using Enclave.Processes;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;

namespace Enclave.Workers;

/// <summary>A job as its worker sees it: what it may use, and who hears of its frames and of its end.</summary>
/// <remarks>Frames come on the worker's thread only. Failing may come from any thread.</remarks>
internal interface IWorkerJob
{
    ulong Id { get; }

    /// <summary>Whose job it is; null for nobody's.</summary>
    string? Tenant { get; }

    RunLimits Limits { get; }

    /// <summary>Time since it began.</summary>
    TimeSpan Duration { get; }

    /// <summary>CPU time of the worker since it began, by the operating system's count.</summary>
    long CpuMicroseconds { get; }

    /// <summary>True if a tool is at work for it, or a call waits for room in the host.</summary>
    bool WaitsForTools { get; }

    /// <summary>True if a tool call is held back until there is room for its arguments in the host.</summary>
    bool WaitsForRoom { get; }

    /// <summary>Sends the job. Called once, by the worker that took it.</summary>
    void Begin(Worker worker);

    /// <summary>Handles a frame. False when it is held back: its bytes are still needed, and no other frame may come before <see cref="OnResumed"/>.</summary>
    bool OnFrame(in Frame frame);

    /// <summary>Handles what was held back, if it still is there. As <see cref="OnFrame"/>.</summary>
    bool OnResumed();

    /// <summary>The worker's last word on this job. Its answer is kept until <see cref="Settle"/>.</summary>
    JobOutcome Conclude(in ResultMessage result);

    /// <summary>Gives the answer that <see cref="Conclude"/> made.</summary>
    /// <param name="worker">Its thread tells the caller as soon as nothing else is to be done there; null for the thread pool.</param>
    void Settle(Worker? worker);

    /// <summary>The worker had grown by so many bytes.</summary>
    void SawMemory(long growth);

    /// <summary>Ends the job without a result of the worker.</summary>
    void Fail(ErrorCode code, string why);

    /// <summary>As <see cref="Fail"/>, since the worker's process has ended.</summary>
    void FailByExit(ErrorCode code, in ProcessExit exit, string why);
}
