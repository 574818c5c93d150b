using Enclave.Agents.AI.Approvals;
using Enclave.Agents.AI.Skills;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace Enclave.Agents.AI;

/// <summary>Approvals and skills for agents with an <see cref="EnclaveCodeActProvider"/>.</summary>
public static class AgentExtensions
{
    /// <summary>
    /// Asks the user for each call of a script that needs approval: the agent's answer has a <see cref="ToolApprovalRequestContent"/> with the tool's name
    /// and arguments, and the script continues with the decision, in the next turn of the session.
    /// </summary>
    /// <param name="builder">The builder of the agent's chat client. It must come behind <c>UseFunctionInvocation</c>, if that is there: the agent adds it
    /// otherwise.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">When the client is built: function invocation stands behind it, and would not ask.</exception>
    public static ChatClientBuilder UseCodeApprovals(this ChatClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use(static (inner) => new CodeApprovalClient(inner));
    }

    /// <summary>
    /// Runs the scripts of an agent's skills, <c>.js</c>, <c>.mjs</c>, <c>.cjs</c>, <c>.ts</c> and <c>.mts</c>, with their arguments in the global
    /// <c>args</c> and the host's tools. Its answers are those of <c>run_code</c>; a script that fails is an answer too.
    /// </summary>
    /// <param name="enclave">The host.</param>
    /// <param name="run">Options of the runs; null for the host's.</param>
    public static AgentFileSkillScriptRunner AsSkillScriptRunner(this IEnclave enclave, RunOptions? run = null)
    {
        ArgumentNullException.ThrowIfNull(enclave);
        return new SkillScripts(enclave, run ?? new RunOptions()).RunAsync;
    }
}
