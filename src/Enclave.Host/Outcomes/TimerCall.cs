namespace Enclave.Outcomes;

/// <summary>
/// The call by which the worker of a repeatable run asks for the time of the script's timers. It is in the run's history, and no tool answers it.
/// </summary>
internal static class TimerCall
{
    /// <summary>The name of the call (native/runner.cc).</summary>
    public const string Name = "enclave:timer";

    /// <summary>True for such a call and its answer.</summary>
    public static bool Is(ExecutionEvent happened) => happened is ToolCallEvent { Name: Name } or ToolResultEvent { Name: Name };
}
