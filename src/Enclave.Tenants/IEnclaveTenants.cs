namespace Enclave.Tenants;

/// <summary>The tenants of a host, for its operator: who uses what, and changes that hold at once. Thread-safe.</summary>
public interface IEnclaveTenants
{
    /// <summary>The policies that hold at this moment, with all changes.</summary>
    TenantPolicies Policies { get; }

    /// <summary>The tenants that have runs at this moment.</summary>
    IReadOnlyList<string> Active { get; }

    /// <summary>Shows a tenant: its policy, its runs and its use of quotas.</summary>
    /// <param name="tenant">Its name; null for runs without a tenant.</param>
    /// <param name="cancellationToken">Ends the wait for the quotas.</param>
    ValueTask<TenantStatus> ShowAsync(string? tenant, CancellationToken cancellationToken = default);

    /// <summary>
    /// Changes the policy of one tenant. It holds for the next run on, a change of the state also for runs that wait, and a suspension for running ones. It
    /// stays until it is changed again, over the policies of file and configuration, and ends with the process.
    /// </summary>
    /// <param name="tenant">Its name.</param>
    /// <param name="change">Returns the new policy, given the one that holds.</param>
    /// <param name="by">The person or program that changes it, for the audit.</param>
    /// <exception cref="ArgumentException">A value is out of its range. The message names it.</exception>
    void Change(string tenant, Func<TenantPolicy, TenantPolicy> change, string by);
}
