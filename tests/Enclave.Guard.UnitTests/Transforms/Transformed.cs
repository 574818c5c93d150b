using Enclave.Guard.Options;

namespace Enclave.Guard.Tests.Transforms;

/// <summary>Programs and their transformed texts.</summary>
internal static class Transformed
{
    private static readonly ScriptGuard s_standard = Guard(GuardLevel.Standard, StaticChecks.Off);
    private static readonly ScriptGuard s_permissive = Guard(GuardLevel.Permissive, StaticChecks.Off);

    public static ScriptGuard Guard(GuardLevel level, StaticChecks checks) =>
        new(new GuardSettings { Level = level, Checks = checks, CacheBytes = 0 });

    /// <summary>The text that runs, without the rules. For a refused program, the reason.</summary>
    public static string Text(string source, GuardLevel level = GuardLevel.Standard)
    {
        ValidationResult verdict = (level == GuardLevel.Permissive ? s_permissive : s_standard).Examine(source, []);
        return verdict.Script?.Code ?? string.Join(',', verdict.Issues.Select((issue) => issue.Code));
    }
}
