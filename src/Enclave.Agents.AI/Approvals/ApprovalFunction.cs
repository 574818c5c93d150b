using Microsoft.Extensions.AI;

namespace Enclave.Agents.AI.Approvals;

/// <summary>Is called when the user has approved a call of a script. The script then makes the call with the arguments that the user approved.</summary>
internal sealed class ApprovalFunction(string name, CodeTurn turn) : HiddenFunction(name)
{
    public override string Description => "A tool of scripts, whose calls the user approves.";

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        FunctionInvokingChatClient.CurrentContext?.CallContent is { } call && await turn.ApproveAsync(call, cancellationToken).ConfigureAwait(false)
            ? "Approved."
            : $"Nothing was done: {Name} is a tool of scripts, and no script waits for this call.";
}
