using Enclave.Guard.Presets;
using Enclave.Guard.Rules;

namespace Enclave.Guard;

/// <summary>The policies of a guard: one for each set of globals that runs get. Drops the least recently used ones first.</summary>
/// <remarks>Each tenant has its own entries, so a tenant with many sets of globals does not evict those of others.</remarks>
internal sealed class PolicySet(GuardSettings settings)
{
    // A tenant usually needs a few. A tenant with more pays for making them again.
    private const int KeptForTenant = 16;
    private const int KeptTenants = 256;

    // Sets whose names together are longer are not cached: the cache must be bounded in bytes too.
    private const int LongestKey = 8_192;

    private readonly Lock _gate = new();
    private readonly RecentlyUsed<string, RecentlyUsed<string, GuardPolicy>> _tenants = new(KeptTenants);
    private readonly GuardPolicy _plain = Make(settings, []);

    public GuardPolicy For(IReadOnlyCollection<string> globals, string? tenant)
    {
        if (globals.Count == 0) return _plain;
        string key = string.Join('\n', globals.Order(StringComparer.Ordinal));
        if (key.Length > LongestKey) return Make(settings, globals);
        // No tenant's name begins with NUL. Runs without a tenant count as one tenant.
        string owner = tenant is null ? "\0" : tenant;
        lock (_gate)
        {
            if (_tenants.TryGet(owner, out RecentlyUsed<string, GuardPolicy>? own) && own.TryGet(key, out GuardPolicy? known)) return known;
        }

        // Made outside the lock: a tenant that makes many must not block the others.
        GuardPolicy made = Make(settings, globals);
        lock (_gate)
        {
            if (!_tenants.TryGet(owner, out RecentlyUsed<string, GuardPolicy>? own))
                _tenants.Add(owner, own = new RecentlyUsed<string, GuardPolicy>(KeptForTenant));
            if (own.TryGet(key, out GuardPolicy? known)) return known;
            own.Add(key, made);
            return made;
        }
    }

    private static GuardPolicy Make(GuardSettings settings, IReadOnlyCollection<string> globals)
    {
        GuardOptions options = settings.Options with { ProvidedGlobals = [.. settings.Options.ProvidedGlobals, .. globals] };
        return GuardPolicies.For(settings.Preset, settings.Level, options);
    }
}
