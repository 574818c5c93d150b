using Enclave.Outcomes;
using Enclave.Runs;

namespace Enclave.Tools;

/// <summary>Calls that globals of the script make, and that no tool answers.</summary>
internal static class ReservedCalls
{
    /// <summary>The beginning of their names. Names of tools may not begin so.</summary>
    public const string Prefix = "enclave:";

    /// <summary>The failure of such a call in a run that is not durable; null for other calls.</summary>
    public static ToolException? FailureOf(ToolInvocation call) => !call.Name.StartsWith(Prefix, StringComparison.Ordinal) ? null
        : ToolFault.Of(ToolCode.NotDurable, $"{call.Name[Prefix.Length..]} needs a durable run (RunOptions.Durable; enclave run --durable NAME)");
}
