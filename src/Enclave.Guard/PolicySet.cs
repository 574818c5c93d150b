using Enclave.Guard.Presets;
using Enclave.JavaScript.Parsing;

namespace Enclave.Guard;

/// <summary>The policies of a guard: one for each set of globals that runs are given.</summary>
internal sealed class PolicySet(GuardSettings settings)
{
    // An application has a few; whoever has more pays for making them.
    private const int Kept = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, GuardPolicy> _policies = new(StringComparer.Ordinal);
    private readonly GuardPolicy _plain = Make(settings, []);

    public GuardPolicy For(IReadOnlyCollection<string> globals)
    {
        if (globals.Count == 0) return _plain;
        string key = string.Join('\n', globals.Order(StringComparer.Ordinal));
        lock (_gate)
        {
            if (_policies.TryGetValue(key, out GuardPolicy? known)) return known;
            if (_policies.Count >= Kept) _policies.Clear();
            return _policies[key] = Make(settings, globals);
        }
    }

    private static GuardPolicy Make(GuardSettings settings, IReadOnlyCollection<string> globals)
    {
        GuardOptions options = settings.Options with { ProvidedGlobals = [.. settings.Options.ProvidedGlobals, .. globals] };
        return GuardPolicies.For(settings.Preset, settings.Level, options);
    }
}
