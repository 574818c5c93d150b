namespace Enclave.Tenants;

/// <summary>The state of a tenant: its scripts run, wait or are refused.</summary>
public enum TenantState
{
    /// <summary>Scripts run.</summary>
    Active,

    /// <summary>New runs wait, at most <see cref="TenantPolicy.MaxWait"/>; running ones come to their end.</summary>
    Paused,

    /// <summary>New runs are refused, waiting ones too, and running ones are ended. Durable runs that sleep stay asleep.</summary>
    Suspended,

    /// <summary>New runs are refused; running ones come to their end.</summary>
    Draining,
}
