namespace Enclave.Tenants;

/// <summary>Gives tenants to a host, and the usual changes of policies.</summary>
public static class TenantsExtensions
{
    /// <summary>Lets the policies of tenants judge all runs of a host. Dispose the host before the tenants.</summary>
    /// <param name="options">The options of the host.</param>
    /// <param name="tenants">The tenants. Several hosts of this process may have the same ones.</param>
    /// <returns>The options.</returns>
    public static EnclaveOptions UseTenants(this EnclaveOptions options, EnclaveTenants tenants)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(tenants);
        options.Gate = tenants.Gate;
        return options;
    }

    /// <summary>Sets the state of a tenant: suspends, pauses or drains it, or lets it run again.</summary>
    /// <param name="tenants">The tenants.</param>
    /// <param name="tenant">The name of the tenant.</param>
    /// <param name="state">The state.</param>
    /// <param name="by">The person or program that changes it, for the audit.</param>
    public static void SetState(this IEnclaveTenants tenants, string tenant, TenantState state, string by)
    {
        ArgumentNullException.ThrowIfNull(tenants);
        tenants.Change(tenant, (policy) => policy with { State = state }, by);
    }

    /// <summary>When a refused run may be tried again; null if the error does not say so. For the header <c>Retry-After</c> of a 429.</summary>
    public static TimeSpan? RetryAfter(this ExecutionError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error.RetryWait;
    }
}
