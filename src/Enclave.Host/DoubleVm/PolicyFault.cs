using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Runs;

namespace Enclave.DoubleVm;

/// <summary>The errors that a script gets for refused calls. They contain nothing of the policy except its reason for the script.</summary>
internal static class PolicyFault
{
    private const int MaxReason = 500;

    public static ToolException Failure(string tool, string why) =>
        new($"the call of {tool} was refused, because the tool policy failed: {why}") { Code = ToolCode.PolicyFailed };

    public static ToolException Refusal(string tool, ScriptValue reason)
    {
        string text = reason.Kind == ScriptValueKind.String ? reason.AsString() : "";
        string why = text.Length == 0 ? "" : text.Length <= MaxReason ? $": {text}" : $": {text.AsSpan(0, MaxReason)}…";
        return new($"the tool policy refused the call of {tool}{why}") { Code = ToolCode.RefusedByPolicy };
    }

    public static ToolException ArgumentsTooLarge(string tool) =>
        new($"the arguments of {tool} with the values that their references stand for are larger than a message may be (MaxMessageBytes), " +
            "and the tool policy has to see them")
        { Name = "RangeError", Code = ToolCode.ArgumentsTooLarge };

    public static ToolException TooLarge(string tool) =>
        new($"the result of {tool} is larger than a message may be (MaxMessageBytes)") { Name = "RangeError", Code = ToolCode.ResultTooLarge };
}
