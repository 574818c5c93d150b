using Enclave.Isolation;

namespace Enclave.Workers;

/// <summary>A worker as its host sees it: it speaks frames, can be measured, and ends. A process; in unit tests a thread.</summary>
internal interface IWorkerProcess
{
    /// <summary>The worker, as this machine sees it.</summary>
    int Pid { get; }

    /// <summary>The worker's id as it sees it.</summary>
    int OwnPid { get; }

    /// <summary>Its share of the machine; null for a worker without one.</summary>
    Confinement? Confinement { get; }

    /// <summary>Resident bytes now; 0 when it is gone.</summary>
    long ResidentBytes { get; }

    /// <summary>Bytes of its page tables now; 0 when it is gone, and where they are the host's own.</summary>
    long PageTableBytes => 0;

    /// <summary>CPU time of all of it in microseconds; 0 when it is gone.</summary>
    long CpuMicroseconds { get; }

    /// <summary>True if it has ended, or ends within this time.</summary>
    bool EndsWithin(TimeSpan time);

    /// <summary>Learns which process the worker is. False when there is none.</summary>
    bool Meet();

    /// <summary>True if it comes from a nursery, which has done all that workers have in common.</summary>
    bool IsForked => false;

    /// <summary>True if <see cref="Difference"/> has something to compare with.</summary>
    bool IsComparable => false;

    /// <summary>How its memory differs from the checkpoint that all its jobs begin with, in words; null when it does not. For one that rests.</summary>
    string? Difference() => null;

    /// <summary>The one connection to it, which is not started yet.</summary>
    IWorkerConnection Connect(int maxFrameBytes, IFrameSink sink);
}
