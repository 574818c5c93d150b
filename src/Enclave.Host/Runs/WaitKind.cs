namespace Enclave;

/// <summary>The kinds of waits of a durable run.</summary>
public enum WaitKind
{
    /// <summary>A moment: <c>sleep</c> or <c>waitUntil</c>.</summary>
    Time = 0,

    /// <summary>An answer to <c>waitFor(name)</c>.</summary>
    Signal = 1,

    /// <summary>The answer of a tool that returned <see cref="ToolResult.Later"/>.</summary>
    Tool = 2,

    /// <summary>The approval of a call.</summary>
    Approval = 3,
}
