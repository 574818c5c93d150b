namespace Enclave.Protocol.Messages;

/// <summary>Why a run was stopped. The numbers are those of <c>ee_stop</c> in native/engine.h.</summary>
internal enum StopReason
{
    None = 0,
    Deadline = 1,
    Cpu = 2,
    Memory = 3,
    ToolCalls = 4,
    PendingToolCalls = 5,
    ConsoleCalls = 6,
    ConsoleBytes = 7,
    Cancelled = 8,
    Iterations = 9,
}
