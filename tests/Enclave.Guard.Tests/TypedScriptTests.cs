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
        GuardVerdict verdict = _guard.Examine("interface A { b: number }\nconst a: A = { b: 1 };\nreturn (a as A).b!", []);

        Assert.True(verdict.IsAccepted, verdict.Issues.FirstOrDefault()?.Message);
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
    [InlineData("enum E { A }\nreturn E.A")]
    [InlineData("class A { constructor(private b: number) { } }")]
    [InlineData("namespace N { export const a = 1 }")]
    public void Syntax_that_cannot_be_dropped_has_a_code_of_its_own(string source)
    {
        GuardIssue issue = Assert.Single(_guard.Validate(source, []).Issues);

        Assert.Equal("TYPESCRIPT_NOT_ERASABLE", issue.Code);
        Assert.Contains("write", issue.Message.Replace("declare", "write", StringComparison.Ordinal), StringComparison.Ordinal);
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
