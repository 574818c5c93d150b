namespace Enclave;

/// <summary>The state of a durable run.</summary>
public enum DurableRunState
{
    /// <summary>A host runs it, or may take it at once: its host has ended.</summary>
    Running = 0,

    /// <summary>It is suspended and waits. It holds no worker and no memory.</summary>
    Suspended = 1,

    /// <summary>It has its result.</summary>
    Ended = 2,

    /// <summary>It failed or was cancelled, and its calls are undone (<see cref="ToolOptions.Compensate"/>). Its result follows.</summary>
    Compensating = 3,
}
