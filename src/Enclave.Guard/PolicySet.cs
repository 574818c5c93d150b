using Enclave.Guard.Presets;
using Enclave.Guard.Rules;

namespace Enclave.Guard;

/// <summary>The policies of a guard: one for each set of globals that runs are given, the least recently used forgotten first.</summary>
/// <remarks>Each tenant has places of its own, so that one with many sets of globals takes no other's.</remarks>
internal sealed class PolicySet(GuardSettings settings)
{
    // A tenant has a few; whoever has more pays for making them.
    private const int KeptForTenant = 16;
    private const int KeptTenants = 256;

    // Names of more characters than this are looked at again each time: what is kept has to be bounded in bytes too.
    private const int LongestKey = 8_192;

    private readonly Lock _gate = new();
    private readonly RecentlyUsed<string, RecentlyUsed<string, GuardPolicy>> _tenants = new(KeptTenants);
    private readonly GuardPolicy _plain = Make(settings, []);

    public GuardPolicy For(IReadOnlyCollection<string> globals, string? tenant)
    {
        if (globals.Count == 0) return _plain;
        string key = string.Join('\n', globals.Order(StringComparer.Ordinal));
        if (key.Length > LongestKey) return Make(settings, globals);
        // No tenant's name begins so: null is a tenant of its own.
        string owner = tenant is null ? "\0" : tenant;
        lock (_gate)
        {
            if (_tenants.TryGet(owner, out RecentlyUsed<string, GuardPolicy>? own) && own.TryGet(key, out GuardPolicy? known)) return known;
        }

        // Outside the lock, or whoever makes many would keep the others waiting.
        GuardPolicy made = Make(settings, globals);
        lock (_gate)
        {
            if (!_tenants.TryGet(owner, out RecentlyUsed<string, GuardPolicy>? own)) _tenants.Add(owner, own = new RecentlyUsed<string, GuardPolicy>(KeptForTenant));
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
