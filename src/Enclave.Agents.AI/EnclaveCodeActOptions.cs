using Enclave.Extensions.AI;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace Enclave.Agents.AI;

/// <summary>Options of an <see cref="EnclaveCodeActProvider"/>.</summary>
public sealed record EnclaveCodeActOptions
{
    /// <summary>
    /// Functions that scripts can call besides the host's tools, and the model cannot call itself. Each must be an <see cref="AIFunction"/>. Default: none.
    /// </summary>
    public IReadOnlyCollection<AITool> Tools { get; init; } = [];

    /// <summary>The function that runs code: its name, its limits, the options of its runs. <see cref="CodeFunctionOptions.ForCall"/> is refused.</summary>
    public CodeFunctionOptions Function { get; init; } = new();

    /// <summary>
    /// Changes the options of runs for one invocation of the agent: their tenant, for example, from its session. Default: null, nothing.
    /// </summary>
    public Func<AIContextProvider.InvokingContext, RunOptions, RunOptions>? ForInvocation { get; init; }

    /// <summary>The unit that a user approves. Default: <see cref="CodeApproval.Calls"/>.</summary>
    public CodeApproval Approval { get; init; }

    /// <summary>Instructions about the function for the agent's model. Default: null, two sentences with its name.</summary>
    public string? Instructions { get; init; }
}
