using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Runs;

namespace Enclave.Tools;

/// <summary>Refuses calls of tools that the policy of the tenant does not list.</summary>
/// <param name="allows">Returns true for names that the policy lists.</param>
/// <param name="next">Gets all other calls.</param>
internal sealed class AllowedTools(Func<string, bool> allows, IToolInvoker next) : IToolInvoker
{
    /// <inheritdoc/>
    public ValueTask<ScriptValue> CallAsync(ToolInvocation call) => Allows(call) ? next.CallAsync(call)
        : throw ToolFault.Of(ToolCode.NotAllowed, $"the tool {call.Name} is not open to this tenant (Tools of its policy)");

    /// <inheritdoc/>
    public bool TakesAtOnce(ToolInvocation call) => Allows(call) && next.TakesAtOnce(call);

    private bool Allows(ToolInvocation call) => call.Name.StartsWith(ReservedCalls.Prefix, StringComparison.Ordinal) || allows(call.Name);
}
