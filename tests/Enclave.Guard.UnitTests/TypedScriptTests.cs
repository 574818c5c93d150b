using Enclave.Guard.Options;
using Enclave.JavaScript;

namespace Enclave.Guard.Tests;

/// <summary>Scripts with types: the tree that is checked and runs is JavaScript.</summary>
public sealed class TypedScriptTests
{
    private readonly ScriptGuard _guard = new(new GuardSettings { Level = GuardLevel.Standard });

    [Fact]
    public void Types_are_dropped_from_what_runs()
    {
        ValidationResult verdict = _guard.Examine("interface A { b: number }\nconst a: A = { b: 1 };\nreturn (a as A).b!", []);

        Assert.True(verdict.IsAccepted, string.Join("; ", verdict.Issues.Select((issue) => issue.Message)));
        Assert.DoesNotContain(":", verdict.Script!.Code.Replace("b:1", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Code_among_types_is_judged_at_the_authors_place()
    {
        ValidationResult result = _guard.Validate("type A = string;\nconst a: A = (eval as any)('1');", []);

        Assert.False(result.Valid);
        Assert.Contains(result.Issues, (issue) => issue.Message.Contains("eval", StringComparison.Ordinal) && issue.Location is { Line: 2, Column: 14 });
    }

    [Fact]
    public void A_text_with_types_is_refused_where_only_JavaScript_is_read()
    {
        Assert.False(_guard.Validate("const a: number = 1", [], language: SourceLanguage.JavaScript).Valid);
        Assert.True(_guard.Validate("const a: number = 1", [], language: SourceLanguage.TypeScript).Valid);
    }

    [Fact]
    public void The_same_text_in_another_language_is_another_script()
    {
        const string source = "const f = (a) => a, b = 1, c = 2; return f < b > (c)";

        string plain = _guard.Examine(source, []).Script!.Code, typed = _guard.Examine(source, [], null, SourceLanguage.TypeScript).Script!.Code;

        Assert.NotEqual(plain, typed);
        Assert.Equal(plain, _guard.Examine(source, []).Script!.Code);
    }

    [Theory]
    [InlineData("import a = b.c")]
    [InlineData("namespace N { export const a = 1 }")]
    public void Syntax_that_cannot_be_dropped_has_a_code_of_its_own(string source)
    {
        GuardIssue issue = _guard.Validate(source, [], language: SourceLanguage.TypeScript).Issues[0];

        Assert.Equal("TYPESCRIPT_NOT_ERASABLE", issue.Code);
        Assert.Contains("write", issue.Message.Replace("declare", "write", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    public static TheoryData<GuardPreset, string> Everywhere =>
        new MatrixTheoryData<GuardPreset, string>(Enum.GetValues<GuardPreset>(), Enum.GetNames<GuardLevel>());

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void An_enum_is_data_under_every_preset_and_level(GuardPreset preset, string level)
    {
        var guard = new ScriptGuard(new GuardSettings { Level = Enum.Parse<GuardLevel>(level), Preset = preset });

        ValidationResult result = guard.Validate(
            "enum Kind { A, B = 1 << 2, C = A | B, D = 'd' }\nconst enum Other { X = Kind.B }\nconst k: Kind = Kind.A;\nreturn [k, Kind.D, Other.X]", []);

        Assert.True(result.Valid, string.Join('\n', result.Issues));
    }

    [Theory]
    [InlineData("enum E { A = eval('1') }", "eval", 13)]
    [InlineData("enum E { A = 1, B = f(A, Function('return this')()) }", "Function", 25)]
    [InlineData("enum E { A = globalThis.process.pid }", "globalThis", 13)]
    [InlineData("enum E { A = (() => { while (true) { } })() }", "while", 22)]
    [InlineData("enum E { A = [].constructor.length }", "constructor", 16)]
    [InlineData("enum E { X = 'constructor' } const f = [][E.X];", "constructor", -1)]
    [InlineData("enum E { A = f(), X = 'constructor' } const f = [][E.constructor];", "constructor", -1)]
    [InlineData("enum E { A = 1 } enum E { constructor = 2 }", "constructor", -1)]
    [InlineData("enum __ag_n { A }", "__ag_n", 5)]
    [InlineData("enum callTool { A }", "callTool", -1)]
    public void An_enum_smuggles_nothing_past_the_rules(string source, string word, int offset)
    {
        ValidationResult verdict = _guard.Examine(source, []);

        Assert.False(verdict.IsAccepted);
        Assert.Contains(
            verdict.Issues,
            (issue) => issue.Message.Contains(word, StringComparison.Ordinal) && (offset < 0 || issue.Location!.Value.Offset == offset));
    }

    [Fact]
    public void A_value_that_only_the_run_shows_is_checked_as_a_key()
    {
        ValidationResult verdict = _guard.Examine("const f = () => 'constructor'; enum E { A = f() } return E.A", []);

        Assert.Contains("E[__ag_key(E.A=f())]", verdict.Script!.Code, StringComparison.Ordinal);
    }

    [Fact]
    public void One_report_names_everything_in_the_order_of_the_text()
    {
        const string source = "const a: number = eval('1');\nnamespace N { export const b = Function }\n@dec() class A { f() { return /(a+)+$/ } }\n" +
            "while (true) { }\nfoo();\n";

        ValidationResult result = _guard.Validate(source, [], language: SourceLanguage.TypeScript);

        string[] codes =
        [
            .. result.Issues.Where((issue) => issue.Severity == IssueSeverity.Error).Select((issue) => $"{issue.Location!.Value.Line} {issue.Code}"),
        ];
        Assert.Equal(
            [
                "1 DISALLOWED_IDENTIFIER", "2 TYPESCRIPT_NOT_ERASABLE", "2 DISALLOWED_IDENTIFIER", "3 TYPESCRIPT_NOT_ERASABLE", "3 NO_USER_METHOD_DEFINITION",
                "3 PRESCANNER_REDOS", "4 FORBIDDEN_LOOP", "5 UNKNOWN_GLOBAL",
            ],
            codes.Where((code) => !code.Contains("NO_EVAL", StringComparison.Ordinal) && !code.Contains("INFINITE", StringComparison.Ordinal)).Distinct());
    }

    [Fact]
    public void A_report_has_a_hundred_issues_at_most()
    {
        string source = string.Concat(Enumerable.Range(0, 300).Select((i) => $"@d class A{i} {{ }}\nfoo{i}();\n"));

        ValidationResult result = _guard.Validate(source, [], language: SourceLanguage.TypeScript);

        Assert.Equal(100, result.Issues.Count);
        Assert.Equal(result.Issues.OrderBy((issue) => issue.Location!.Value.Offset), result.Issues);
    }

    [Fact]
    public void A_regular_expression_at_STRICT_does_not_hide_the_rest()
    {
        var guard = new ScriptGuard(new GuardSettings { Level = GuardLevel.Strict });

        ValidationResult result = guard.Validate("const a = /x/.test('x');\nwhile (a) { }\nreturn foo", []);

        Assert.Equal([1, 2, 3], result.Issues.Select((issue) => issue.Location!.Value.Line).Distinct());
        Assert.Equal("PRESCANNER_REGEX_BLOCKED", Assert.Single(result.Issues, (issue) => issue.Location!.Value.Line == 1).Code);
    }

    [Theory]
    [InlineData(nameof(GuardLevel.Strict), "throw { name: 'NotFound', message: '…' }")]
    [InlineData(nameof(GuardLevel.Secure), "throw { name: 'NotFound', message: '…' }")]
    [InlineData(nameof(GuardLevel.Standard), "throw Object.assign(new Error('…'), { name: 'NotFound', code: '…' })")]
    public void A_class_of_errors_gets_a_hint_that_the_level_accepts(string level, string instead)
    {
        var guard = new ScriptGuard(new GuardSettings { Level = Enum.Parse<GuardLevel>(level) });

        ValidationResult refused = guard.Validate(
            "class NotFound extends Error {\n  constructor(m: string, readonly id = 1) { super(m); }\n}\nthrow new NotFound('x')", []);
        ValidationResult followed = guard.Validate($"try {{ {instead}; }} catch (error) {{ if (error.name === 'NotFound') return 1 }}", []);

        Assert.Contains(refused.Issues, (issue) => issue.Code == "NO_USER_METHOD_DEFINITION" && issue.Hint!.Contains(instead, StringComparison.Ordinal));
        Assert.True(followed.Valid, string.Join('\n', followed.Issues));
    }

    [Fact]
    public void A_pattern_is_found_behind_types_that_hide_it_from_the_first_look()
    {
        // Read as JavaScript, the first slash begins a pattern that ends at the second one.
        const string hidden = "const a: number = 4;\nlet b = a! / 2; const c = /(a+)+$/; return b";

        ValidationResult result = _guard.Validate(hidden, []);

        Assert.Contains(result.Issues, (issue) => issue.Code == "PRESCANNER_REDOS" && issue.Location is { Line: 2, Column: 26 });
    }
}
