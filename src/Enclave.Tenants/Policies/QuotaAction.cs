namespace Enclave.Tenants;

/// <summary>The fate of a run for which a quota has no room.</summary>
public enum QuotaAction
{
    /// <summary>It is refused, and says when there is room. A quota must have room for all that the run's limits allow.</summary>
    Refuse,

    /// <summary>It waits for room, at most <see cref="TenantPolicy.MaxWait"/>, and is refused then.</summary>
    Wait,

    /// <summary>The run begins with the remainder, and is ended when the remainder is used up. Only for CPU time, time on workers and tool calls.</summary>
    End,
}
