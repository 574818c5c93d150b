using System.Globalization;
using Enclave.Tenants.Policies;
using Enclave.Tenants.Quotas;

namespace Enclave.Tenants.Admission;

/// <summary>The errors of the gate: what happened, the number, the way out.</summary>
internal static class TenantTexts
{
    private const int MaxCharacters = 100;

    public static ExecutionError Quota(string? tenant, QuotaShortage shortage, DateTimeOffset now)
    {
        QuotaRule rule = shortage.Rule;
        decimal used = rule.Shown(shortage.Used), wanted = rule.Shown(shortage.Wanted);
        string room = shortage.Room is { } at
            ? $"there is room at {at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}"
            : shortage.Wanted > Math.Max(rule.Value, rule.Burst) ? "it has no room for such a run: lower the run's limits, or raise the quota"
            : "there is room when other runs have ended";
        string needs = rule.Quota.Of == QuotaMeasure.Runs ? "" : string.Create(CultureInfo.InvariantCulture, $" and may need {wanted:0.######} more");
        var data = new Dictionary<string, object?>
        {
            ["quota"] = rule.Text,
            ["of"] = QuotaRule.Name(rule.Quota.Of),
            ["used"] = (double)used,
            ["limit"] = (double)rule.Shown(rule.Quota.Kind == QuotaKind.Rate ? rule.Burst : rule.Value),
            ["wanted"] = (double)wanted,
        };
        if (shortage.Room is { } when)
        {
            data["retryAt"] = when.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
            data["retryAfterMs"] = Math.Max(0, Math.Ceiling((when - now).TotalMilliseconds));
        }

        return Make(
            ErrorCode.QuotaExceeded,
            string.Create(CultureInfo.InvariantCulture, $"{Who(tenant)} has used {used:0.######} of its {rule.Text}{needs}; {room}"), data);
    }

    /// <summary>A quota that ends runs was used up while the run was running.</summary>
    public static ExecutionError Ended(string? tenant, QuotaRule rule, long allowed) => Make(
        ErrorCode.QuotaExceeded,
        string.Create(
            CultureInfo.InvariantCulture, $"the run was ended: {Who(tenant)} had {rule.Shown(allowed):0.######} left of its {rule.Text}, and it used that"),
        new Dictionary<string, object?>
        {
            ["quota"] = rule.Text,
            ["of"] = QuotaRule.Name(rule.Quota.Of),
            ["limit"] = (double)rule.Shown(rule.Value),
            ["left"] = (double)rule.Shown(allowed),
        });

    public static ExecutionError Suspended(string? tenant, TenantState state) => Make(
        ErrorCode.TenantSuspended,
        state == TenantState.Draining ? $"the operator lets the runs of {Who(tenant)} come to their end, and takes no new ones"
            : $"the operator has suspended {Who(tenant)}: its scripts do not run",
        new Dictionary<string, object?> { ["state"] = QuotaRule.Name(state) });

    public static ExecutionError Paused(string? tenant, TimeSpan waited) => Make(
        ErrorCode.TenantPaused,
        string.Create(
            CultureInfo.InvariantCulture,
            $"the operator has paused {Who(tenant)}; the run waited {waited.TotalSeconds:0.#} s (maxWait) and did not start"),
        new Dictionary<string, object?> { ["retryAfterMs"] = 1000.0 });

    public static ExecutionError Unknown(string? tenant) => Make(
        ErrorCode.TenantUnknown,
        tenant is null ? "the run names no tenant, and only tenants with a policy may run scripts here"
            : $"{Who(tenant)} has no policy, and only tenants with one may run scripts here",
        null);

    public static ExecutionError ShareFull(string? tenant, int most, TimeSpan waited) => Make(
        ErrorCode.ShareFull,
        string.Create(CultureInfo.InvariantCulture,
            $"{Who(tenant)} has {most} runs at once, the most allowed (concurrency); the run waited {waited.TotalSeconds:0.#} s and did not start"),
        new Dictionary<string, object?> { ["limit"] = most, ["retryAfterMs"] = 1000.0 });

    public static ExecutionError WeakLevel(string? tenant, SecurityLevel needed, SecurityLevel level) => Make(
        ErrorCode.IsolationUnavailable,
        $"scripts of {Who(tenant)} need {needed.ToString().ToUpperInvariant()} or a stricter level, and this host is at {level.ToString().ToUpperInvariant()}",
        null);

    public static ExecutionError NoLedger(string why) => Make(
        ErrorCode.JournalUnavailable, $"the ledger takes no rows, and no run begins without one: {why}", null);

    /// <summary>Names come from callers, and may be long.</summary>
    private static string Who(string? tenant) =>
        tenant is null ? "the tenant without a name" : tenant.Length <= MaxCharacters ? $"the tenant {tenant}" : $"the tenant {tenant[..MaxCharacters]}…";

    private static ExecutionError Make(ErrorCode code, string message, Dictionary<string, object?>? data) => new()
    {
        Code = code,
        Name = code.ToCode(),
        Message = $"{message}: docs/errors/{code.ToCode()}.md",
        Data = data,
    };
}
