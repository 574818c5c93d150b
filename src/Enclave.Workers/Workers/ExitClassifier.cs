using Enclave.Processes;
using Enclave.Protocol.Messages;

namespace Enclave.Workers;

/// <summary>Derives a job's error from the way its process ended.</summary>
internal static class ExitClassifier
{
    // Beside WorkerExit: 128 + signal, as shells count.
    /// <summary>SIGSYS: the system call filter ended the process.</summary>
    public const int ForbiddenCall = 159;

    public const int Killed = 137;

    private const int Trap = 133, Abort = 134, Segmentation = 139;

    public static ErrorCode Classify(in ProcessExit exit, string log) => exit.Code switch
    {
        (int)WorkerExit.Heap or (int)WorkerExit.HeapLimit or (int)WorkerExit.NativeMemory => ErrorCode.MemoryLimitExceeded,
        // Some allocations end V8 without its out-of-memory handler; the log then names the cause. The kernel does not end the first process of a pid
        // namespace with its own SIGABRT, so abort() continues to an instruction that faults.
        Trap or Abort or Segmentation when SaysOutOfMemory(log) => ErrorCode.MemoryLimitExceeded,
        _ => ErrorCode.WorkerCrashed,
    };

    /// <summary>Describes the end for messages and logs.</summary>
    public static string Describe(in ProcessExit exit) => exit.Code switch
    {
        (int)WorkerExit.Heap => "V8 ran out of memory",
        (int)WorkerExit.HeapLimit => "the V8 heap passed its limit",
        (int)WorkerExit.Fatal => "V8 met a fatal error",
        (int)WorkerExit.NativeMemory => "native memory ran out",
        (int)WorkerExit.Start => "the engine could not start",
        (int)WorkerExit.Protocol => "the host's frames were refused",
        (int)WorkerExit.Orphan => "the worker lost its host",
        Killed => "killed by SIGKILL",
        Segmentation => "a segmentation fault, or abort() in a pid namespace of its own",
        (int)WorkerExit.Lock => "a step of the lock failed",
        ForbiddenCall => "a forbidden system call",
        > 128 => $"killed by signal {exit.Code - 128}",
        _ => $"exit code {exit.Code}",
    };

    private static bool SaysOutOfMemory(string log) =>
        log.Contains("out of memory", StringComparison.OrdinalIgnoreCase) || log.Contains("Allocation failed", StringComparison.OrdinalIgnoreCase) ||
        log.Contains("invalid table size", StringComparison.OrdinalIgnoreCase) || log.Contains("invalid array length", StringComparison.OrdinalIgnoreCase) ||
        log.Contains("invalid size error", StringComparison.OrdinalIgnoreCase);
}
