using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Enclave.Tenants.Policies;

/// <summary>The policies that hold at this moment: those of the application, replaced by those that were changed since.</summary>
/// <param name="policies">The first ones.</param>
/// <param name="clock">The clock.</param>
internal sealed class PolicyBook(TenantPolicies policies, TimeProvider clock)
{
    private readonly Lock _gate = new();
    // A policy that many tenants share, or that a change of others leaves alone, is prepared once.
    private readonly ConditionalWeakTable<TenantPolicy, JudgedPolicy> _judged = [];
    private volatile Page _page = new(policies, ImmutableDictionary<string, TenantPolicy>.Empty);

    /// <summary>Raised for each change, in order, after it holds.</summary>
    public event Action<TenantChange>? Changed;

    /// <summary>The policies, with the changes.</summary>
    public TenantPolicies All
    {
        get
        {
            Page page = _page;
            return page.Changes.IsEmpty
                ? page.Policies
                : page.Policies with { Tenants = page.Policies.Tenants.ToImmutableDictionary(StringComparer.Ordinal).SetItems(page.Changes) };
        }
    }

    /// <summary>
    /// The policy of a tenant; null if it has none and unknown tenants are refused. It is read once, so a caller never sees a mixture of two versions.
    /// </summary>
    public JudgedPolicy? Of(string? tenant)
    {
        TenantPolicy? policy = _page.Of(tenant);
        return policy is null ? null : _judged.GetValue(policy, static (one) => new JudgedPolicy(one));
    }

    /// <summary>Changes the policy of one tenant.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Change(string tenant, Func<TenantPolicy, TenantPolicy> change, string by)
    {
        lock (_gate)
        {
            TenantPolicy from = _page.Of(tenant) ?? _page.Policies.Default, to = change(from);
            PolicyCheck.Check(to);
            if (to == from) return;
            _page = _page with { Changes = _page.Changes.SetItem(tenant, to) };
            Changed?.Invoke(new TenantChange(clock.GetUtcNow(), tenant, by, from, to));
        }
    }

    /// <summary>Takes other policies of the application. Later changes of single tenants stay.</summary>
    public void Replace(TenantPolicies policies, string by)
    {
        lock (_gate)
        {
            TenantPolicies before = _page.Policies;
            _page = _page with { Policies = policies };
            DateTimeOffset now = clock.GetUtcNow();
            if (Differ(before.Default, policies.Default)) Changed?.Invoke(new TenantChange(now, null, by, before.Default, policies.Default));
            foreach (string tenant in before.Tenants.Keys.Union(policies.Tenants.Keys).ToArray())
            {
                TenantPolicy? from = before.Tenants.GetValueOrDefault(tenant), to = policies.Tenants.GetValueOrDefault(tenant);
                if (Differ(from, to)) Changed?.Invoke(new TenantChange(now, tenant, by, from, to));
            }
        }
    }

    private static bool Differ(TenantPolicy? one, TenantPolicy? other) =>
        !ReferenceEquals(one, other) && (one is null || other is null || one.State != other.State || PolicyJson.VersionOf(one) != PolicyJson.VersionOf(other));

    private sealed record Page(TenantPolicies Policies, ImmutableDictionary<string, TenantPolicy> Changes)
    {
        public TenantPolicy? Of(string? tenant)
        {
            if (tenant is not null && (Changes.TryGetValue(tenant, out TenantPolicy? own) || Policies.Tenants.TryGetValue(tenant, out own))) return own;
            return Policies.Unknown == UnknownTenants.Refuse ? null : Policies.Default;
        }
    }
}
