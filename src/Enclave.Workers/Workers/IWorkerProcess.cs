using Enclave.Isolation;
using Enclave.Workers.Comparison;

namespace Enclave.Workers;

/// <summary>A worker for its host: it exchanges frames, can be measured, and ends. A process; in unit tests a thread.</summary>
internal interface IWorkerProcess
{
    /// <summary>Its id on this machine.</summary>
    int Pid { get; }

    /// <summary>Its id in its own namespace.</summary>
    int OwnPid { get; }

    /// <summary>Its resources of the machine; null for none.</summary>
    IConfinement? Confinement => null;

    /// <summary>Compares its report on its isolation with the system's view, before its first job.</summary>
    /// <param name="claims">Its report.</param>
    WorkerFinding Inspect(IReadOnlyList<string> claims) => WorkerFinding.None;

    /// <summary>Resident bytes of its own now, and of files, such as the engine's, which all workers share; 0 if it is gone.</summary>
    (long Own, long Files) ReadResident();

    /// <summary>Bytes of its page tables and of memory that it shares with others now; 0 if it is gone, or if they are the host's own.</summary>
    long OtherBytes => 0;

    /// <summary>Bytes that the worker itself may need beyond a script's heap and buffers.</summary>
    long MemoryAllowance => WorkerBudget.Allowance;

    /// <summary>CPU time of all its threads in microseconds; 0 if it is gone.</summary>
    long CpuMicroseconds { get; }

    /// <summary>True if it has ended, or ends within this time.</summary>
    bool EndsWithin(TimeSpan time);

    /// <summary>The checkpoint that it shares with other workers; null if its jobs cannot continue elsewhere.</summary>
    ISharedCheckpoint? Checkpoint => null;

    /// <summary>True if it comes from a nursery, which has done the common preparation of all workers.</summary>
    bool IsForked => false;

    /// <summary>False if <see cref="TryCompare"/> never has an image to compare with. True also if it has one only later.</summary>
    /// <param name="obstacle">Why it never has one; null if this host may not read the worker's memory.</param>
    /// <exception cref="OutOfMemoryException">The host has no memory for the image.</exception>
    bool IsComparable(out string? obstacle)
    {
        obstacle = null;
        return false;
    }

    /// <summary>Compares a worker with its checkpoint, if it waits for a job. Before its first job, learns how it waits.</summary>
    /// <param name="isFirst">True before its first job.</param>
    /// <param name="pages">Which of its pages are compared.</param>
    /// <param name="room">Memory for pieces of its memory.</param>
    /// <param name="difference">What differs, if something does, or why the host cannot compare it now.</param>
    Look TryCompare(bool isFirst, ComparedPages pages, Span<byte> room, out string difference)
    {
        difference = "";
        return Look.AsBefore;
    }

    /// <summary>Describes where it sleeps instead of waiting for a job; null if it does not.</summary>
    string? Elsewhere() => null;

    /// <summary>Its only connection, which is not started yet.</summary>
    IWorkerConnection Connect(int maxFrameBytes, IFrameSink sink);
}
