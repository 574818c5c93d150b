using Enclave.Outcomes;
using Enclave.Protocol;

namespace Enclave.Runs;

/// <summary>A wait for the timers of a repeatable run. It does not count as a tool call.</summary>
internal static class TimerWait
{
    private const double LongestMilliseconds = int.MaxValue;

    /// <summary>True for a call that asks for the time of timers. In other runs workers wait by themselves, and the name is that of no tool.</summary>
    public static bool Is(ExecutionJob job, string name) => job.Determinism is not null && name == TimerCall.Name;

    /// <inheritdoc cref="Is(ExecutionJob, string)"/>
    public static bool Is(ToolInvocation call) => Is(call.Job, call.Name);

    /// <summary>How long the call waits.</summary>
    public static TimeSpan Of(ToolInvocation call)
    {
        // A compromised worker may give anything.
        ScriptValue given = call.Args.Kind == ScriptValueKind.Object ? call.Args["duration"] : ScriptValue.Undefined;
        double milliseconds = given.Kind == ScriptValueKind.Number && given.AsDouble() is var number && number > 0 ? Math.Min(number, LongestMilliseconds) : 0;
        TimeSpan least = call.Job.Session!.ShortestWait, wait = TimeSpan.FromMilliseconds(milliseconds);
        return wait < least ? least : wait;
    }
}
