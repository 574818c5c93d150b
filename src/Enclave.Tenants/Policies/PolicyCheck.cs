using Enclave.Fetch;

namespace Enclave.Tenants.Policies;

/// <summary>Checks the ranges of policies.</summary>
internal static class PolicyCheck
{
    private const int MaxTenants = 1_000_000, MaxQuotas = 50, MaxPatterns = 1000, MaxCharacters = 200, MaxFaults = 20;

    private const decimal MaxValue = 1_000_000_000_000;

    /// <exception cref="ArgumentException">Values are out of their ranges. The message has each of them, its place and its range.</exception>
    public static void Check(TenantPolicies policies)
    {
        if (policies.Tenants.Count > MaxTenants) throw new ArgumentException($"tenants has {policies.Tenants.Count} members; at most {MaxTenants} are allowed");
        var faults = new List<string>();
        Check(policies.Default, "default", faults);
        foreach ((string tenant, TenantPolicy policy) in policies.Tenants)
        {
            if (tenant.Length is 0 or > MaxCharacters) faults.Add($"tenants: a name has {tenant.Length} characters; 1 to {MaxCharacters} are allowed");
            else Check(policy, $"tenants.{tenant}", faults);
            if (faults.Count >= MaxFaults) break;
        }

        if (faults.Count > 0) throw new ArgumentException(string.Join("; ", faults));
    }

    /// <inheritdoc cref="Check(TenantPolicies)"/>
    public static void Check(TenantPolicy policy)
    {
        var faults = new List<string>();
        Check(policy, "policy", faults);
        if (faults.Count > 0) throw new ArgumentException(string.Join("; ", faults));
    }

    private static void Check(TenantPolicy policy, string place, List<string> faults)
    {
        if (!Enum.IsDefined(policy.State)) faults.Add($"{place}.state is {policy.State}; it has to be a state");
        if (policy.Level is { } level && !Enum.IsDefined(level)) faults.Add($"{place}.level is {level}; it has to be a level");
        if (policy.Preset is { } preset && !Enum.IsDefined(preset)) faults.Add($"{place}.preset is {preset}; it has to be a preset");
        Range(policy.Concurrency, 1, 1_000_000, $"{place}.concurrency", faults);
        Range(policy.MaxWait, TimeSpan.Zero, TimeSpan.FromHours(1), $"{place}.maxWait", faults);
        if (policy.Version is { } version) Range(version.Length, 1, 100, $"{place}.version (characters)", faults);
        if (policy.Limits is { } limits) Check(limits, $"{place}.limits", faults);
        CheckPatterns(
            policy.Tools, $"{place}.tools", (text) => text.Length is > 0 and <= MaxCharacters, "a name of 1 to 200 characters, with * for any", faults);
        CheckPatterns(policy.Origins, $"{place}.origins", (text) => FetchPattern.Read(text) is not null, FetchPattern.Form, faults);
        if (policy.Quotas.Count > MaxQuotas) faults.Add($"{place}.quotas has {policy.Quotas.Count}; at most {MaxQuotas} are allowed");
        for (int i = 0; i < Math.Min(policy.Quotas.Count, MaxQuotas); i++) Check(policy.Quotas[i], $"{place}.quotas[{i}]", faults);
        if (faults.Count > 0) return;
        IGrouping<string, QuotaRule>? same = policy.Quotas.Select((quota) => new QuotaRule(quota)).GroupBy((rule) => rule.Id)
            .FirstOrDefault((group) => group.Count() > 1);
        if (same is not null) faults.Add($"{place}.quotas has {same.First().Text} twice: give one of them a name");
    }

    private static void Check(TenantLimits limits, string place, List<string> faults)
    {
        Range(limits.Timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1), $"{place}.timeout", faults);
        Range(limits.CpuTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1), $"{place}.cpuTimeout", faults);
        Range(limits.MemoryLimit, LimitOptions.LeastMemory, long.MaxValue, $"{place}.memoryLimit", faults);
        Range(limits.MaxToolCalls, 0, LimitOptions.MostToolCalls, $"{place}.maxToolCalls", faults);
        Range(limits.MaxIterations, 1, LimitOptions.MostIterations, $"{place}.maxIterations", faults);
        Range(limits.MaxConsoleCalls, 0, LimitOptions.MostConsoleCalls, $"{place}.maxConsoleCalls", faults);
        Range(limits.MaxConsoleBytes, 0L, long.MaxValue, $"{place}.maxConsoleBytes", faults);
    }

    private static void Check(TenantQuota quota, string place, List<string> faults)
    {
        if (!Enum.IsDefined(quota.Of) || !Enum.IsDefined(quota.Kind) || !Enum.IsDefined(quota.Scope) || !Enum.IsDefined(quota.Action))
        {
            faults.Add($"{place} has a value that its enumeration does not have");
            return;
        }

        Range(quota.Value, 0, MaxValue, $"{place}.value", faults);
        Range(quota.Burst, 0, MaxValue, $"{place}.burst", faults);
        if (quota.WarnAt is not (null or (> 0 and <= 1))) faults.Add($"{place}.warnAt is {quota.WarnAt}; range: above 0, to 1");
        if (quota.Name is { } name) Range(name.Length, 1, MaxCharacters, $"{place}.name (characters)", faults);
        bool isConcurrency = quota.Kind == QuotaKind.Concurrency;
        if (isConcurrency && quota.Of != QuotaMeasure.Runs) faults.Add($"{place}: a quota of the kind concurrency is of runs");
        if (isConcurrency && quota.Per is not null) faults.Add($"{place}.per: a quota of the kind concurrency has no period");
        if (!isConcurrency && quota.Per is null) faults.Add($"{place}.per is missing: {QuotaPeriod.Form}");
        if (quota.Per is { } per && !QuotaPeriod.TryRead(per, out _)) faults.Add($"{place}.per is {Shown(per)}; it has to be {QuotaPeriod.Form}");
        if (quota.Burst is not null && quota.Kind != QuotaKind.Rate) faults.Add($"{place}.burst is for the kind rate");
        if (quota is { Kind: QuotaKind.Rate, Value: 0 }) faults.Add($"{place}.value is 0: a rate needs more");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(quota.TimeZone, out _))
            faults.Add($"{place}.timeZone is {Shown(quota.TimeZone)}, which this machine does not know");
        if (quota.Action == QuotaAction.End && quota.Of is not (QuotaMeasure.CpuSeconds or QuotaMeasure.WorkerSeconds or QuotaMeasure.ToolCalls))
            faults.Add($"{place}.action is end, which is for cpuSeconds, workerSeconds and toolCalls");
    }

    private static void CheckPatterns(IReadOnlyList<string>? patterns, string place, Func<string, bool> isPattern, string form, List<string> faults)
    {
        if (patterns is null) return;
        if (patterns.Count > MaxPatterns) faults.Add($"{place} has {patterns.Count}; at most {MaxPatterns} are allowed");
        string? wrong = patterns.Take(MaxPatterns).FirstOrDefault((text) => !isPattern(text));
        if (wrong is not null) faults.Add($"{place} has {Shown(wrong)}; it has to be {form}");
    }

    private static void Range<T>(T? value, T least, T most, string place, List<string> faults)
        where T : struct, IComparable<T>
    {
        if (value is { } given && (given.CompareTo(least) < 0 || given.CompareTo(most) > 0)) faults.Add($"{place} is {given}; range: {least} to {most}");
    }

    private static string Shown(string text) => text.Length <= MaxCharacters ? $"'{text}'" : $"'{text[..MaxCharacters]}…'";
}
