using System.Text;
using Enclave.Guard.Options;

namespace Enclave.Guard.Tests.Presets;

/// <summary>The preset <c>javascript</c>: the whole strict language at every level.</summary>
public sealed class JavaScriptPresetTests
{
    private static readonly GuardLevel[] s_levels = Enum.GetValues<GuardLevel>();

    // Constructs of docs/agentscript.md that no engine runs here, or that use the transform's names.
    private static readonly string[] s_impossible =
        ["eval", "Function", "import", "import declarations", "with", "reserved names", "decorators, namespaces with values"];

    [Fact]
    public void Every_construct_of_the_language_is_accepted_but_what_cannot_run()
    {
        foreach (var row in LanguageTableTests.Rows)
        {
            (string construct, string program, _) = row.Data;
            foreach (GuardLevel level in s_levels)
            {
                ValidationResult result = Guard(level).Validate(program, []);
                Assert.True(result.Valid == !s_impossible.Contains(construct), $"{level}: {construct}: {program}: {string.Join("; ", result.Issues)}");
            }
        }
    }

    [Theory]
    [InlineData("return eval('1')")]
    [InlineData("return (0, eval)('1')")]
    [InlineData("return new Function('return 1')()")]
    [InlineData("return Function('return process')()")]
    [InlineData("return await import('fs')")]
    [InlineData("try { return 1 } catch { return eval('1') }")]
    [InlineData("try { return 1 } finally { eval('1') }")]
    [InlineData("try { const f = () => eval('1'); } catch { }")]
    public void A_program_that_cannot_run_is_refused_with_what_to_write_instead(string program)
    {
        foreach (GuardLevel level in s_levels)
        {
            ValidationResult result = Guard(level).Validate(program, []);
            Assert.False(result.Valid);
            Assert.All(result.Issues, (issue) => Assert.False(string.IsNullOrEmpty(issue.Hint)));
        }
    }

    [Theory]
    [InlineData("const root = typeof globalThis === 'object' ? globalThis : Function('return this')(); return typeof root")]
    [InlineData("try { return new Function('return 1')() } catch { return 0 }")]
    [InlineData("class A {} return [new A().constructor.name, A.prototype.constructor === A, [].constructor === Array]")]
    [InlineData("function A() {} A.prototype.f = function () { return this.x }; return new A().f()")]
    [InlineData("return Object.prototype.hasOwnProperty.call({ a: 1 }, 'a')")]
    [InlineData("const t = { __proto__: { a: 1 } }; return Object.getPrototypeOf(t).a")]
    [InlineData("while (true) { break } for (;;) { break } do { } while (false)")]
    [InlineData("const k = 'constructor'; const { [k]: c } = {}; return c")]
    [InlineData("const callTool = (name) => name; return callTool('a')")]
    [InlineData("Error.captureStackTrace({}); return Error.prepareStackTrace")]
    [InlineData("return [eval, Function].map((f) => typeof f)")]
    public void Nothing_is_said_of_what_runs(string program)
    {
        foreach (GuardLevel level in s_levels) Assert.Empty(Guard(level).Validate(program, []).Issues);
    }

    [Fact]
    public void Names_that_are_not_there_are_remarked_on_with_the_way_that_is()
    {
        foreach (GuardLevel level in s_levels)
        {
            GuardIssue issue = Assert.Single(Guard(level).Validate("const r = await fetch('https://example.com'); return r.status", []).Issues);
            Assert.Equal(IssueSeverity.Warning, issue.Severity);
            Assert.Contains("callTool", issue.Hint, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_bundle_of_one_line_with_many_patterns_is_accepted()
    {
        var source = new StringBuilder("var a = [");
        for (int i = 0; i < 200; i++) source.Append("/^(?:[a-z]+[0-9]*){2}").Append('x', 1200).Append(i).Append("$/,");
        source.Append("]; return a.length");

        foreach (GuardLevel level in s_levels) Assert.Empty(Guard(level).Validate(source.ToString(), []).Issues);
    }

    [Theory]
    [InlineData(GuardLevel.Strict, 500)]
    [InlineData(GuardLevel.Secure, 1024)]
    [InlineData(GuardLevel.Standard, 5 * 1024)]
    public void A_script_is_as_large_as_its_level_allows(object level, int kilobytes)
    {
        ScriptGuard guard = Guard((GuardLevel)level);

        Assert.True(guard.Validate($"return '{new string('a', (kilobytes * 1024) - 20)}'.length", []).Valid);
        Assert.Contains(guard.Validate($"return '{new string('a', kilobytes * 1024)}'.length", []).Issues, (issue) =>
            issue.Code.StartsWith("PRESCANNER_", StringComparison.Ordinal));
    }

    [Fact]
    public void Loops_and_callbacks_are_counted_and_keys_are_not_looked_at()
    {
        string code = Guard(GuardLevel.Strict).Examine("const k = [].map((x) => x); while (k.length) k[k.pop()] = 1;", []).Script!.Code;

        Assert.Contains("__ag_limit", code, StringComparison.Ordinal);
        Assert.DoesNotContain("__ag_key", code, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hosts_own_bounds_hold()
    {
        var options = new GuardOptions { AdditionalDisallowedIdentifiers = ["Proxy"], AllowedLoops = LoopKinds.ForOf, AllowedToolNames = ["a"] };
        var guard = new ScriptGuard(new GuardSettings { Level = GuardLevel.Standard, Preset = GuardPreset.JavaScript, Options = options });

        foreach (string program in (string[])["return new Proxy({}, {})", "while (true) break", "return callTool('b', {})"])
            Assert.False(guard.Validate(program, []).Valid, program);
    }

    private static ScriptGuard Guard(GuardLevel level) => new(new GuardSettings { Level = level, Preset = GuardPreset.JavaScript });
}
