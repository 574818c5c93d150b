using Enclave.Guard;

namespace Enclave.Tenants;

/// <summary>The rights of a tenant. A policy narrows what the host allows, and never widens it. One version judges a run from its begin to its end.</summary>
public sealed record TenantPolicy
{
    /// <summary>Default: <see cref="TenantState.Active"/>.</summary>
    public TenantState State { get; init; }

    /// <summary>The weakest level for scripts of the tenant: a host at a weaker one refuses them. Default: null, the host's.</summary>
    public SecurityLevel? Level { get; init; }

    /// <summary>The widest rules for scripts of the tenant: a run with wider rules gets these instead. Default: null, the host's.</summary>
    public GuardPreset? Preset { get; init; }

    /// <summary>The most that a run may have. Default: null, what the host allows.</summary>
    public TenantLimits? Limits { get; init; }

    /// <summary>Runs at the same time; further ones wait, at most <see cref="MaxWait"/>. Range: 1 to 1,000,000. Default: null, as the host allows.</summary>
    public int? Concurrency { get; init; }

    /// <summary>The tools that scripts may call; <c>*</c> stands for any characters: <c>orders:*</c>. Default: null, all of the host and the run.</summary>
    public IReadOnlyList<string>? Tools { get; init; }

    /// <summary>
    /// The origins that <c>fetch</c> may ask, of those that the host allows: <c>https://api.example.com</c>, <c>https://*.example.com</c>. Default: null, all.
    /// </summary>
    public IReadOnlyList<string>? Origins { get; init; }

    /// <summary>The quotas. A run needs room in each. Range: at most 50. Default: none.</summary>
    public IReadOnlyList<TenantQuota> Quotas { get; init; } = [];

    /// <summary>True to give scripts <c>limits.remaining()</c>, as <see cref="RunOptions.ShowsLimits"/> does. Default: false.</summary>
    public bool ShowsLimits { get; init; }

    /// <summary>How long a run may wait at the gate in all. Range: 0 to 1 h. Default: 30 s.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The version, in results, audit and ledger. Range: 1 to 100 characters. Default: null, 12 digits that the other members give.</summary>
    public string? Version { get; init; }
}
