using Enclave.Fetch;
using Enclave.Networks;

namespace Enclave.Tenants.Policies;

/// <summary>One version of a policy, prepared for judging runs.</summary>
internal sealed class JudgedPolicy
{
    private readonly string[] _tools;
    private readonly FetchPattern[] _origins;
    private readonly NetworkReach _reach;

    /// <param name="policy">The policy, which is checked.</param>
    public JudgedPolicy(TenantPolicy policy)
    {
        Policy = policy;
        Version = PolicyJson.VersionOf(policy);
        Rules = [.. policy.Quotas.Select((quota) => new QuotaRule(quota))];
        MayEnd = Rules.Any((rule) => rule.Quota.Action == QuotaAction.End);
        MayWarn = Rules.Any((rule) => rule.WarnFrom != long.MaxValue);
        _tools = [.. policy.Tools ?? []];
        _origins = [.. (policy.Origins ?? []).Select((text) => FetchPattern.Read(text)!)];
        _reach = new NetworkReach(_origins.Where((one) => !one.IsWild).Select((one) => one.Host));
        // Create the delegates once: all runs share them.
        AllowsTool = policy.Tools is null ? null : (name) => IsListed(name);
        AllowsOrigin = policy.Origins is null ? null : (address) => _origins.Any((one) => one.Fits(address, _reach));
    }

    public TenantPolicy Policy { get; }

    /// <summary>Its version, in results, audit and ledger.</summary>
    public string Version { get; }

    public IReadOnlyList<QuotaRule> Rules { get; }

    /// <summary>True if one of the quotas ends runs.</summary>
    public bool MayEnd { get; }

    /// <summary>True if one of the quotas warns from a share on.</summary>
    public bool MayWarn { get; }

    /// <summary>Returns true for tools that scripts may call; null for all.</summary>
    public Func<string, bool>? AllowsTool { get; }

    /// <summary>Returns true for addresses that fetch may ask; null for all.</summary>
    public Func<Uri, bool>? AllowsOrigin { get; }

    /// <summary>A list of origins opens <c>fetch</c> as well.</summary>
    private bool IsListed(string name) => _tools.Any((pattern) => Fits(pattern, name)) || (Policy.Origins is { Count: > 0 } && name == FetchTool.Name);

    /// <summary>True if the name is of the pattern, in which a star stands for any characters. In the order of the product of their lengths at worst.</summary>
    internal static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int at = 0, place = 0, star = -1, after = 0;
        while (place < name.Length)
        {
            if (at < pattern.Length && pattern[at] == '*') (star, after) = (at++, place);
            else if (at < pattern.Length && pattern[at] == name[place]) (at, place) = (at + 1, place + 1);
            else if (star >= 0) (at, place) = (star + 1, ++after);
            else return false;
        }

        return pattern[at..].TrimStart('*').IsEmpty;
    }
}
