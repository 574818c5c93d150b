namespace Enclave.Agents.AI;

/// <summary>The unit that a user approves.</summary>
public enum CodeApproval
{
    /// <summary>
    /// Each call of a tool that needs approval, with its arguments, while the script waits without a worker. Needs
    /// <see cref="AgentExtensions.UseCodeApprovals"/>, a host without a double VM, and a session; without them as <see cref="Scripts"/>, but only if a
    /// function of the provider needs approval.
    /// </summary>
    Calls = 0,

    /// <summary>Each script before it runs. The provider's functions are then called without asking; tools of the host are approved as the host says.</summary>
    Scripts = 1,
}
