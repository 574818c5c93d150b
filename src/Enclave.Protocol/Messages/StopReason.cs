namespace Enclave.Protocol.Messages;

/// <summary>Why a run was stopped. The numbers are those of <c>ee_stop</c> in native/engine.h.</summary>
public enum StopReason
{
    /// <summary>Not stopped.</summary>
    None = 0,

    /// <summary>The wall time was over.</summary>
    Deadline = 1,

    /// <summary>The CPU time was over.</summary>
    Cpu = 2,

    /// <summary>The heap passed its limit.</summary>
    Memory = 3,

    /// <summary>Too many tool calls.</summary>
    ToolCalls = 4,

    /// <summary>Too many tool calls waited at one time.</summary>
    PendingToolCalls = 5,

    /// <summary>Too many calls of the console.</summary>
    ConsoleCalls = 6,

    /// <summary>Too much console output.</summary>
    ConsoleBytes = 7,

    /// <summary>The host cancelled it.</summary>
    Cancelled = 8,

    /// <summary>Too many iterations.</summary>
    Iterations = 9,
}
