using Enclave.Outcomes;
using Enclave.Runs;

namespace Enclave.Tools;

/// <summary>Calls that globals of the script make, and that no tool answers.</summary>
internal static class ReservedCalls
{
    /// <summary>The beginning of their names. Names of tools may not begin so.</summary>
    public const string Prefix = "enclave:";

    /// <summary>The calls of the globals <c>store</c> and <c>load</c>.</summary>
    public const string Store = Prefix + "store", Load = Prefix + "load";

    /// <summary>True for the calls that keep values of a conversation.</summary>
    public static bool IsOfConversation(string name) => name is Store or Load;

    /// <summary>The failure of such a call in a run without what they need; null for other calls.</summary>
    public static ToolException? FailureOf(ToolInvocation call) => !call.Name.StartsWith(Prefix, StringComparison.Ordinal) ? null
        : IsOfConversation(call.Name)
        ? ToolFault.Of(ToolCode.ConversationUnavailable, $"{call.Name[Prefix.Length..]} needs a run with a conversation (RunOptions.Conversation)")
        : ToolFault.Of(ToolCode.NotDurable, $"{call.Name[Prefix.Length..]} needs a durable run (RunOptions.Durable; enclave run --durable NAME)");
}
