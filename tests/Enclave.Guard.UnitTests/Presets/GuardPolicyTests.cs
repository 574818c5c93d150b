using Enclave.Guard.Options;
using Enclave.Guard.Presets;
using Enclave.Guard.Rules;
using Enclave.Guard.Tests.Rules;

namespace Enclave.Guard.Tests.Presets;

public sealed class GuardPolicyTests
{
    [Fact]
    public void A_policy_is_made_once()
    {
        foreach (GuardPreset preset in Enum.GetValues<GuardPreset>())
        {
            foreach (GuardLevel level in Enum.GetValues<GuardLevel>())
                Assert.Same(GuardPolicies.For(preset, level), GuardPolicies.For(preset, level, GuardOptions.Default));
        }
    }

    [Fact]
    public void The_catalogue_has_the_twenty_documented_rules_and_ours()
    {
        Assert.Equal(24, RuleCatalogue.All.Length);
        Assert.Equal(24, RuleCatalogue.All.Select((rule) => rule.Name).Distinct().Count());
        Assert.All(RuleCatalogue.All, (rule) => Assert.True(rule.Text.EndsWith('.') && rule.Hint.EndsWith('.') && rule.Codes.Length > 0));
        string[] codes = [.. RuleCatalogue.All.SelectMany((rule) => rule.Codes).Select((code) => code.Code)];
        Assert.Equal(codes.Length, codes.Distinct().Count());
    }

    [Fact]
    public void Every_rule_of_a_policy_is_in_the_catalogue() => Assert.All(
        from preset in Enum.GetValues<GuardPreset>()
        from level in Enum.GetValues<GuardLevel>()
        from rule in GuardPolicies.For(preset,
            level).Rules
        select rule.About,
        (rule) => Assert.Contains(rule, RuleCatalogue.All));

    /// <summary>The host finds these: tests/Enclave.Host.Tests/Tools/Calls.</summary>
    [Fact]
    public void The_rules_for_calls_of_tools_have_eight_codes() => Assert.Equal(
        ["UNKNOWN_TOOL", "TOOL_ARGUMENTS", "TOOL_AWAIT", "TOOL_ANSWER_MEMBER", "TOOL_ANSWER_PARSED", "TOOL_ANSWER_VALUE", "LOST_VALUE", "SECRET_MASKED"],
        RuleCatalogue.All.Where((rule) => ToolCallRules.Has(rule.Name)).SelectMany((rule) => rule.Codes).Select((code) => code.Code));

    [Fact]
    public void Every_code_of_the_catalogue_has_a_test()
    {
        string tables = string.Concat(Directory.GetFiles(RuleTable.Folder, "*.txt").Select(File.ReadAllText)) + File.ReadAllText(
            Path.Combine(RuleTable.Folder, "..", "..", "Presets", "GuardPolicyTests.cs"));

        Assert.All(RuleCatalogue.All.SelectMany((rule) => rule.Codes), (code) => Assert.Contains(code.Code, tables, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("new RegExp('a');\n", "REGEX_TOO_MANY")]
    [InlineData("'a'.match('a');\n", "REGEX_METHOD_TOO_MANY")]
    public void A_pattern_that_is_not_analysed_is_refused(string creation, string code)
    {
        string many = string.Concat(Enumerable.Repeat(creation, 500));

        Assert.Empty(Judged.Issues(many).Errors());
        Assert.Equal([code], Judged.Issues(many + creation).Errors());
        Assert.NotEmpty(Judged.Issues(many + "return new RegExp('(a+)+$').test('aaaa')").Errors());
        Assert.NotEmpty(Judged.Issues(many + "return 'aaaa'.search('(a+)+$')").Errors());
    }

    [Fact]
    public void Allowed_globals_replace_those_of_the_level_and_are_no_longer_disallowed()
    {
        var options = new GuardOptions { AllowedGlobals = ["process", "callTool"] };

        Assert.Empty(Judged.Issues("return process.x", options));
        Assert.Equal(["UNKNOWN_GLOBAL"], Judged.Issues("return Math.max(1)", options).Errors());
    }

    [Fact]
    public void Provided_globals_come_on_top() =>
        Assert.Empty(Judged.Issues("return Math.max(config.a, process.b)", new GuardOptions { ProvidedGlobals = ["config", "process"] }));

    [Theory]
    [InlineData("return secret")]
    [InlineData("const secret = 1")]
    [InlineData("const f = (secret) => 1")]
    [InlineData("const { secret } = {}")]
    public void Additional_names_are_refused_wherever_they_are_variables(string code) =>
        Assert.Equal(["DISALLOWED_IDENTIFIER"], Judged.Issues(
            code, new GuardOptions { AdditionalDisallowedIdentifiers = ["secret"], AllowedGlobals = ["secret"] }).Errors());

    [Fact]
    public void Loops_functions_and_prefixes_can_be_chosen()
    {
        Assert.Empty(Judged.Issues("let i = 0; while (i < 3) i++", new GuardOptions { AllowedLoops = LoopKinds.While }).Errors());
        Assert.Equal(["FORBIDDEN_LOOP"], Judged.Issues("for (const x of []) {}", new GuardOptions { AllowedLoops = LoopKinds.While }).Errors());
        Assert.Equal(["NO_USER_ARROW_FUNCTION"], Judged.Issues("return [1].map((x) => x)", new GuardOptions { AllowArrowFunctions = false }).Errors());
        Assert.Equal(["RESERVED_PREFIX"], Judged.Issues("const my_x = 1", new GuardOptions { ReservedPrefixes = ["my_"] }).Errors());
        Assert.Equal(["NO_ASYNC", "NO_AWAIT"], Judged.Issues("const f = async () => await 1", new GuardOptions { AllowAsync = false }).Errors());
        Assert.Empty(Judged.Issues("const f = async () => await 1", new GuardOptions { AllowAsync = true }, GuardPreset.Strict).Errors());
    }

    [Fact]
    public void Tools_can_be_listed()
    {
        var options = new GuardOptions { AllowedToolNames = ["users:list"] };
        GuardIssue issue = Assert.Single(Judged.Issues("return callTool('users:lst', {})", options));

        Assert.Equal(("UNKNOWN_TOOL_NAME", "Did you mean 'users:list'?"), (issue.Code, issue.Hint));
        Assert.Empty(Judged.Issues("return callTool('users:list', {})", options));
        Assert.Empty(Judged.Issues("const n = 'x'; return callTool(n, {})", new GuardOptions { StaticCallTarget = false }));
    }

    [Theory]
    [InlineData("return 1", RequiredFunctions.All, "REQUIRED_FUNCTION_NOT_CALLED")]
    [InlineData("callTool('x', {}); return parallel([], (x) => x)", RequiredFunctions.All, "")]
    [InlineData("callTool('x', {})", RequiredFunctions.All, "REQUIRED_FUNCTION_NOT_CALLED")]
    [InlineData("callTool('x', {})", RequiredFunctions.Any, "")]
    [InlineData("const p = parallel; p([], (x) => x)", RequiredFunctions.Any, "")]
    [InlineData("const f = (callTool2) => callTool2('x', {})", RequiredFunctions.Any, "REQUIRED_FUNCTION_NOT_CALLED")]
    [InlineData("callTool('x', {}); callTool('x', {}); callTool('x', {})", RequiredFunctions.Any, "FUNCTION_CALLED_TOO_MANY_TIMES")]
    public void Functions_can_be_required(string code, RequiredFunctions mode, string expected)
    {
        var options = new GuardOptions { RequiredFunctions = ["callTool", "parallel"], RequiredFunctionMode = mode, MaxFunctionCalls = 2 };

        Assert.Equal(expected.Length == 0 ? [] : [expected], Judged.Issues(code, options).Errors());
    }

    [Theory]
    [InlineData("callTool('x', {})", "REQUIRED_FUNCTION_NOT_CALLED")]
    [InlineData("callTool('x', {}); callTool('x', {})", "")]
    public void Functions_can_be_required_more_than_once(string code, string expected)
    {
        var options = new GuardOptions { RequiredFunctions = ["callTool"], MinFunctionCalls = 2 };

        Assert.Equal(expected.Length == 0 ? [] : [expected], Judged.Issues(code, options).Errors());
    }

    [Theory]
    [InlineData("callTool('x', { a: 1 })", "")]
    [InlineData("const args = { a: 1 }; callTool('x', args)", "")]
    [InlineData("callTool('x')", "INVALID_ARGUMENT_COUNT")]
    [InlineData("callTool('x', [])", "INVALID_ARGUMENT_TYPE")]
    [InlineData("const f = (args) => callTool('x', args)", "INVALID_ARGUMENT_TYPE")]
    public void Arguments_of_callTool_can_be_checked(string code, string expected) => Assert.Equal(
        expected.Length == 0 ? [] : [expected], Judged.Issues(code, new GuardOptions { CallToolValidation = ArgumentRule.CallTool }).Errors());

    [Fact]
    public void Arguments_can_be_checked_by_the_host()
    {
        var rule = new ArgumentRule(1, 1) { Check = (text) => text.Contains("secret", StringComparison.Ordinal) ? "no secrets" : null };
        var options = new GuardOptions { FunctionArgumentRules = new Dictionary<string, ArgumentRule> { ["parseInt"] = rule } };

        Assert.Equal("no secrets", Assert.Single(Judged.Issues("parseInt('secret')", options)).Message);
        Assert.Equal(["CUSTOM_ARGUMENT_VALIDATION_FAILED"], Judged.Issues("parseInt('secret')", options).Errors());
        Assert.Empty(Judged.Issues("parseInt('1')", options));
    }

    [Fact]
    public void Rules_can_be_silenced_and_softened()
    {
        var options = new GuardOptions
        {
            Rules = new Dictionary<string, IssueSeverity?> { ["forbidden-loop"] = null, ["no-json-callbacks"] = IssueSeverity.Warning },
        };

        Assert.Empty(Judged.Issues("for (const k in {}) {}", options));
        Assert.Equal(IssueSeverity.Warning, Assert.Single(Judged.Issues("JSON.parse('1', (k, v) => v)", options)).Severity);
        Assert.Throws<ArgumentException>(() => Judged.Issues("", new GuardOptions { Rules = new Dictionary<string, IssueSeverity?> { ["no-such"] = null } }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GuardOptions { MaxIssues = 0 });
    }
}
