namespace Enclave.Tenants;

/// <summary>The fate of a run for which a quota has no room.</summary>
public enum QuotaAction
{
    /// <summary>It is refused, and says when there is room. A quota must have room for all that the run's limits allow.</summary>
    Refuse,

    /// <summary>It waits for room, at most <see cref="TenantPolicy.MaxWait"/>, and is refused then.</summary>
    Wait,

    /// <summary>It begins with what is left, and is ended when that is used up. Of CPU time, time on workers and tool calls.</summary>
    End,
}
