using Enclave.Guard.Options;
using Enclave.JavaScript;

namespace Enclave.Guard.UnitTests;

/// <summary>Type arguments as the only TypeScript of a text.</summary>
public sealed class TypeArgumentsTests
{
    private static readonly ScriptGuard s_guard = new(new GuardSettings { Level = GuardLevel.Standard, Preset = GuardPreset.JavaScript });

    [Theory]
    [InlineData("const r = await callTool<any>('crm:get', {}); return r", "await callTool(\"crm:get\",{})")]
    [InlineData("return [1, 2].reduce<number>((a, b) => a + b, 0)", ".reduce((")]
    [InlineData("return [{}].map<Record<string, number>>((row) => row)", ".map(row=>")]
    [InlineData("return new Array<number>(3).length", "new Array(3)")]
    [InlineData("const x = structuredClone<object>({ a: 1 }); return x", "structuredClone({")]
    public void They_are_read_as_such_unless_the_language_is_said(string code, string runs)
    {
        ValidationResult either = s_guard.Examine(code, []), script = s_guard.Examine(code, [], language: SourceLanguage.JavaScript);

        Assert.Contains(runs, either.Script!.Code, StringComparison.Ordinal);
        Assert.Empty(either.Issues);
        Assert.Contains(script.Issues, (issue) => issue.Hint?.Contains("write f(x) in place of f<T>(x)", StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData("const number = 1, f = 2; return f < number > (3)")]
    [InlineData("const a = 1; return a < 2 > (3)")]
    [InlineData("return typeof any")]
    [InlineData("return any(1)")]
    public void Comparisons_stay_comparisons(string code)
    {
        ValidationResult either = s_guard.Examine(code, []), script = s_guard.Examine(code, [], language: SourceLanguage.JavaScript);

        Assert.Equal(script.Script?.Code, either.Script?.Code);
        Assert.Equal(script.Issues.Select((issue) => issue.Message), either.Issues.Select((issue) => issue.Message));
    }
}
