using Enclave.Guard.Rules;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Runs;

namespace Enclave.Tools;

/// <summary>Calls that globals of the script make, and that no tool answers.</summary>
internal static class ReservedCalls
{
    /// <summary>The beginning of their names. Names of tools may not begin so.</summary>
    public const string Prefix = "enclave:";

    /// <summary>The calls of the globals <c>store</c> and <c>load</c>.</summary>
    public const string Store = Prefix + RunGlobals.Store, Load = Prefix + RunGlobals.Load;

    /// <summary>The call of the global <c>sleep</c>.</summary>
    public const string Sleep = Prefix + RunGlobals.Sleep;

    /// <summary>The call of <c>limits.remaining()</c>.</summary>
    public const string Remaining = Prefix + "remaining";

    /// <summary>True for the calls that keep values of a conversation.</summary>
    public static bool IsOfConversation(string name) => name is Store or Load;

    /// <summary>Waits in a run that is not durable. The run keeps its worker meanwhile.</summary>
    /// <exception cref="ToolException">The argument is not a time, or is longer than the run may take.</exception>
    /// <exception cref="OperationCanceledException">The run has ended.</exception>
    public static async ValueTask<ScriptValue> SleepAsync(ToolInvocation call, TimeProvider clock)
    {
        TimeSpan time = SleepTime.Of(call.Args["duration"], "sleep"), limit = TimeSpan.FromMicroseconds(call.Job.Limits.TimeoutMicroseconds);
        if (time > limit)
            throw ToolFault.Of(ToolCode.NotDurable, $"sleep of {ToolFault.Time(time)} is longer than the time of this run, {ToolFault.Time(limit)}: " +
                "sleep less, or let a durable run wait (RunOptions.Durable; enclave run --durable NAME)");
        await Task.Delay(time, clock, call.Context.CancellationToken).ConfigureAwait(false);
        return ScriptValue.Undefined;
    }

    /// <summary>The failure of a reserved call in a run without the feature that answers it; null for other calls.</summary>
    public static ToolException? FailureOf(ToolInvocation call) => !call.Name.StartsWith(Prefix, StringComparison.Ordinal) ? null
        : call.Name == Remaining
        ? ToolFault.Of(ToolCode.NotAllowed, "limits.remaining needs a run that may know what it has left (RunOptions.ShowsLimits; showsLimits of a policy)")
        : IsOfConversation(call.Name)
        ? ToolFault.Of(ToolCode.ConversationUnavailable, $"{call.Name[Prefix.Length..]} needs a run with a conversation (RunOptions.Conversation)")
        : ToolFault.Of(ToolCode.NotDurable, $"{call.Name[Prefix.Length..]} needs a durable run (RunOptions.Durable; enclave run --durable NAME)");
}
