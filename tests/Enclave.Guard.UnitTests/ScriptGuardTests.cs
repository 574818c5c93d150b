using Enclave.Guard.Options;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Tests;

/// <summary>The guard as the host uses it.</summary>
public sealed class ScriptGuardTests
{
    private static readonly GuardSettings s_standard = new() { Level = GuardLevel.Standard };
    private readonly ScriptGuard _guard = new(s_standard);

    [Fact]
    public void The_documented_example_is_refused_with_the_documented_message()
    {
        ValidationResult result = _guard.Validate("eval('dangerous')", []);

        Assert.False(result.Valid);
        Assert.Equal("Identifier 'eval' is not allowed", result.Issues[0].Message);
        Assert.Contains(
            result.Issues, (issue) => issue.Code == "NO_EVAL" && issue.Rule == "no-eval" && issue.Hint is not null && issue.Location!.Value.Line == 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \n// nothing")]
    [InlineData("return 1")]
    [InlineData("const x = await callTool('a', {}); x")]
    public void An_ordinary_script_is_accepted(string source)
    {
        Assert.True(_guard.Examine(source, []).IsAccepted);
        Assert.True(_guard.Validate(source, []).Valid);
    }

    [Fact]
    public void A_refused_script_has_no_text_that_could_run()
    {
        ValidationResult verdict = _guard.Examine("process.exit()", []);

        Assert.Null(verdict.Script);
        Assert.Contains(verdict.Issues, (issue) => issue.Severity == IssueSeverity.Error);
    }

    [Fact]
    public void Without_static_checks_everything_that_is_a_program_is_accepted()
    {
        var trusting = new ScriptGuard(s_standard with { Checks = StaticChecks.Off });

        Assert.True(trusting.Examine("process.exit()", []).IsAccepted);
        Assert.Equal("PARSE_ERROR", Assert.Single(trusting.Examine("process.exit(", []).Issues).Code);
        Assert.Equal("PARSE_ERROR", Assert.Single(trusting.Examine("with (a) b", []).Issues).Code);
    }

    [Fact]
    public void Globals_that_the_host_gives_are_known()
    {
        Assert.False(_guard.Examine("return orders.length", []).IsAccepted);
        Assert.True(_guard.Examine("return orders.length", ["orders"]).IsAccepted);
        Assert.False(_guard.Examine("return orders.length", ["invoices"]).IsAccepted);
    }

    [Fact]
    public void An_accepted_script_is_kept_and_a_refused_one_is_not()
    {
        ValidationResult first = _guard.Examine("return 1", []);

        Assert.Same(first, _guard.Examine("return 1", []));
        Assert.NotSame(first, _guard.Examine("return 1 ", []));
        Assert.NotSame(_guard.Examine("return 1", ["a"]), first);
        Assert.NotSame(_guard.Examine("eval", []), _guard.Examine("eval", []));
    }

    [Theory]
    [InlineData("return __ag_n")]
    [InlineData("const __ag_limit = 1")]
    [InlineData("return ((__ag_key) => 1)(2)")]
    [InlineData("try { throw 1 } catch (__ag_i1) { return 2 }")]
    public void Names_of_the_transform_cannot_be_used_even_without_static_checks(string source)
    {
        ValidationResult verdict = new ScriptGuard(s_standard with { Checks = StaticChecks.Off }).Examine(source, []);

        Assert.Equal("RESERVED_PREFIX", Assert.Single(verdict.Issues).Code);
    }

    [Theory]
    [InlineData("return { __ag_n: 1 }.__ag_n")]
    [InlineData("return '__ag_n'")]
    public void The_same_names_as_data_are_data(string source) => Assert.True(_guard.Examine(source, []).IsAccepted);

    [Fact]
    public void A_place_in_the_text_that_runs_leads_to_the_users()
    {
        const string source = "const a = 1;\n\nconst f = () => missing.member;\nfor (const x of [1]) f(x);";
        GuardedScript script = new ScriptGuard(s_standard with { Checks = StaticChecks.Off }).Examine(source, []).Script!;
        int at = script.Code.IndexOf("missing", StringComparison.Ordinal);

        Assert.Equal(new SourcePosition(3, 16), script.Original(1, at));
        Assert.Equal(4, script.LineOf(source.IndexOf("for", StringComparison.Ordinal)));
        Assert.Null(script.LineOf(-1));
        Assert.Null(script.LineOf(long.MaxValue));
    }

    [Fact]
    public void A_remark_on_a_literal_does_not_hide_the_error_of_a_call_that_begins_with_it()
    {
        const string slow = "/.*a.*b.*c/";

        Assert.Contains(_guard.Validate($"return {slow}.flags", []).Issues, (issue) => issue is { Rule: "pre-scan", Severity: IssueSeverity.Warning });
        Assert.Contains(_guard.Validate($"return {slow}.flags.match('(a+)+$')", []).Issues, (issue) => issue.Code == "NO_REGEX_METHOD");
    }

    [Fact]
    public void The_tools_that_stand_in_the_text_are_listed()
    {
        GuardedScript script = _guard.Examine("await callTool('a', {}); await callTool('b', {}); await callTool('a', {})", []).Script!;

        Assert.Equal(["a", "b"], script.Tools);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public void Depth_is_an_issue_and_never_the_end_of_the_process(int depth)
    {
        string source = "return " + new string('[', depth) + new string(']', depth);

        Assert.NotEmpty(_guard.Validate(source, []).Issues);
        Assert.NotEmpty(new ScriptGuard(s_standard with { Checks = StaticChecks.Off }).Validate(source, []).Issues);
    }

    [Fact]
    public async Task Threads_share_a_guard()
    {
        await Parallel.ForAsync(0, 2_000, (i, stop) =>
        {
            Assert.True(_guard.Examine(
                $"let total = 0; for (const x of [{i % 50}]) total += x; return total", i % 3 == 0 ? ["extra"] : [], null, cancellationToken: stop).IsAccepted);
            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public void Every_level_and_preset_has_a_guard_that_accepts_a_plain_script()
    {
        foreach (GuardLevel level in Enum.GetValues<GuardLevel>())
        {
            foreach (GuardPreset preset in Enum.GetValues<GuardPreset>())
            {
                var guard = new ScriptGuard(new GuardSettings { Level = level, Preset = preset });

                Assert.Empty(guard.Examine("const page = await callTool('orders:list', { limit: 5 }); return page", []).Issues);
            }
        }
    }
}
