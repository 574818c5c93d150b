using Enclave.Guard.Options;
using Enclave.Guard.Presets;
using Enclave.Guard.Tests.Rules;
using Enclave.Tests;

namespace Enclave.Guard.Tests.Presets;

/// <summary>The texts that tell a model how to write a script (docs/prompts): code that they allow runs, and code that they forbid is refused.</summary>
public sealed class ModelTextTests
{
    private static readonly string[] s_texts = Texts();

    [Theory]
    [InlineData(0, 400, 600)]
    [InlineData(1, 1_300, 1_750)]
    public void The_texts_are_as_long_as_they_claim(int index, int least, int most) => Assert.InRange(s_texts[index].Length, least, most);

    [Fact]
    public void The_samples_in_the_texts_are_judged_as_the_texts_say()
    {
        string[] lines = [.. s_texts.SelectMany((text) => text.Split('\n'))];
        string[] accepted = [.. lines.Where((line) => line.StartsWith("yes: ", StringComparison.Ordinal)).Select((line) => line[5..])];
        string[] refused = [.. lines.Where((line) => line.StartsWith("no: ", StringComparison.Ordinal)).Select((line) => line[4..])];

        Assert.True(accepted.Length >= 6 && refused.Length >= 6, $"{accepted.Length} samples that run, {refused.Length} that do not");
        Assert.All(accepted, (script) => Assert.Empty(Judge(script)));
        Assert.All(refused, (script) => Assert.False(Judge(script).Errors().Length == 0, script));
    }

    [Theory]
    [InlineData("while (1) ;")]
    [InlineData("require('fs')")]
    [InlineData("eval('1')")]
    [InlineData("fetch('https://a.b')")]
    [InlineData("fetch('x')")]
    [InlineData("process.exit()")]
    [InlineData("class A { f() {} }")]
    [InlineData("import('x')")]
    public void Features_that_are_missing_by_the_texts_are_refused(string script) => Assert.NotEmpty(Judge(script).Errors());

    private static ImmutableArray<GuardIssue> Judge(string script) => Judged.Issues(script);

    private static string[] Texts() =>
        [.. new[] { "short", "long" }.Select((name) => File.ReadAllText(Path.Combine(Repository.Root, "docs", "prompts", $"agentscript-{name}.txt")))];
}
