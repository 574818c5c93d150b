using Enclave.Guard.Options;
using Enclave.Guard.Presets;
using Enclave.Guard.Rules;
using Enclave.Tests;

namespace Enclave.Guard.Tests.Rules;

/// <summary>The recorded verdicts of the documented product, and the intended differences.</summary>
public sealed class RecordedCaseTests(ITestOutputHelper output)
{
    // Codes that our design allows: if only these are recorded, accepting is not a difference.
    private static readonly string[] s_widened = ["UNKNOWN_GLOBAL", "NO_REGEX_LITERAL", "NO_REGEX_METHOD"];

    [Fact]
    public void Recorded_verdicts_agree_but_for_the_listed_deviations()
    {
        Assert.SkipUnless(File.Exists(RecordedCase.File), $"{RecordedCase.File} is not here");
        Dictionary<string, string> reasons = Deviations();
        var differing = new List<string>();
        int agree = 0, widened = 0, listed = 0;
        foreach (RecordedCase one in RecordedCase.All())
        {
            GuardPolicy policy = GuardPolicies.For(one.Preset, Enum.Parse<GuardLevel>(one.Level, ignoreCase: true), one.Options);
            ImmutableArray<GuardIssue> issues = Judged.Issues(one.Code, policy);
            string[] errors = issues.Errors();
            bool agrees = one.Kind == "success" && one.RuleCodes.IsEmpty ? errors.Length == 0 : IsRefusedFor(one.RuleCodes, errors);
            if (agrees) agree++;
            else if (errors.Length == 0 && one.RuleCodes.Length > 0 && one.RuleCodes.All((code) => s_widened.Contains(code))) widened++;
            else if (reasons.Remove(one.Id)) listed++;
            else differing.Add($"{one.Id} {one.Preset} {one.Level}: expected {one.Kind} {string.Join(',', one.RuleCodes)}, got {issues.Show()}\n{one.Code}");
        }

        output.WriteLine($"{agree} agree, {widened} accepted by the wider language, {listed} listed deviations, {differing.Count} differ");
        Assert.True(
            differing.Count == 0, $"{agree} agree, {widened} widened, {listed} listed, {differing.Count} differ:\n{string.Join("\n----\n", differing)}");
        Assert.True(reasons.Count == 0, $"listed, but not deviating: {string.Join(", ", reasons.Keys)}");
    }

    /// <summary>True if a refusal names one of the recorded reasons.</summary>
    private static bool IsRefusedFor(ImmutableArray<string> recorded, string[] errors)
    {
        if (errors.Length == 0) return false;
        // The product renames eval to __safe_eval before its checks, so it reports its blocked names as unknown.
        return recorded.Any((code) => errors.Contains(code) || Family(code) is { } family && errors.Any((error) => Family(error) == family));
    }

    private static string? Family(string code) => code switch
    {
        "UNKNOWN_GLOBAL" or "DISALLOWED_IDENTIFIER" => "name",
        "CONSTRUCTOR_ACCESS" or "NO_CONSTRUCTOR_ACCESS" or "NO_DANGEROUS_DESTRUCTURING" => "constructor",
        "NO_USER_FUNCTION_EXPRESSION" or "NO_USER_METHOD_SHORTHAND" => "function",
        "PRESCANNER_REDOS" or "REGEX_REDOS_VULNERABLE" or "NO_REGEX_LITERAL" => "regex",
        _ => null,
    };

    private static Dictionary<string, string> Deviations() =>
        File.ReadLines(Path.Combine(Repository.Root, "tests", "deviations.txt"))
            .Where((line) => line.Length > 0 && line[0] != '#').Select((line) => line.Split('|', 3, StringSplitOptions.TrimEntries))
            .Where((parts) => parts[1] == "rules").ToDictionary((parts) => parts[0], (parts) => parts[2]);
}
