using System.Text.Json.Nodes;
using Enclave.Guard;
using Enclave.Tests;

namespace Enclave.Host.Tests.Models;

/// <summary>
/// Programs that use only what <see cref="EnclaveHost.DescribeForModel"/> tells of: at each level the guard refuses at most one in a hundred. The programs are
/// those of answers/, the idioms of the guard's tests and the samples of docs/prompts; the tree decides, not the guard, if one follows the text.
/// </summary>
public sealed class FollowedTextTests(ITestOutputHelper output)
{
    private const int LeastPrograms = 150;

    private static readonly string[] s_programs = [.. Answers(), .. Idioms(), .. Samples()];

    public static TheoryData<SecurityLevel> Levels => new(Enum.GetValues<SecurityLevel>());

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task At_most_one_percent_of_what_follows_the_text_is_refused(SecurityLevel level)
    {
        await using EnclaveHost host = Open(level);
        var text = ToldLanguage.In((string)JsonNode.Parse(host.DescribeForModel(ModelTextFormat.JsonSchema))!["language"]!);
        List<string> refused = [];
        int following = 0;
        foreach (string program in s_programs)
        {
            if (!text.IsFollowedBy(program)) continue;
            following++;
            GuardIssue[] errors = [.. host.Validate(program).Issues.Where((issue) => issue.Severity == IssueSeverity.Error)];
            if (errors is [var first, ..]) refused.Add($"{first.Code} {first.Message}\n    {program.ReplaceLineEndings("\n    ")}");
        }

        string share = $"{level}: {following} of {s_programs.Length} programs follow the text, {refused.Count} of them are refused " +
            $"({100.0 * refused.Count / following:0.0} %)";
        output.WriteLine($"{share}\n{string.Join('\n', refused)}");
        Assert.True(following >= LeastPrograms, share);
        Assert.True(refused.Count * 100 <= following, $"{share}:\n{string.Join('\n', refused)}");
    }

    [Theory]
    [InlineData("const xs = [1, 2].map((x) => x + 1); return Math.max(...xs)", true)]
    [InlineData("return await callTool('orders:list', { limit: 1 })", true)]
    [InlineData("let i = 0; while (i < 3) i++", false)]
    [InlineData("do { } while (false)", false)]
    [InlineData("for (const key in {}) console.log(key)", false)]
    [InlineData("const f = function () { return 1 }; return f()", false)]
    [InlineData("return { f() { return 1 } }.f()", false)]
    [InlineData("return { get x() { return 1 } }.x", false)]
    [InlineData("class A { f() { } } return 1", false)]
    [InlineData("return /a/.test('a')", false)]
    [InlineData("return JSON.stringify({}, (key, value) => value)", false)]
    [InlineData("return JSON.stringify({}, null, 2)", true)]
    [InlineData("return [].constructor", false)]
    [InlineData("return await callTool('a' + 1)", false)]
    [InlineData("return fetch('a')", false)]
    [InlineData("import fs from 'fs'; return 1", false)]
    public async Task A_program_follows_the_text_if_it_uses_nothing_that_the_text_leaves_out(string program, bool follows)
    {
        await using EnclaveHost host = Open(SecurityLevel.Strict);
        var text = ToldLanguage.In((string)JsonNode.Parse(host.DescribeForModel(ModelTextFormat.JsonSchema))!["language"]!);

        Assert.Equal(follows, text.IsFollowedBy(program));
    }

    private static IEnumerable<string> Answers() =>
        AnswerTable.All.Select((answer) => ModelText.ExtractProgram(answer.Text)).Where((program) => program.Success).Select((program) => program.Source!);

    private static IEnumerable<string> Idioms() =>
        Directory.GetFiles(Path.Combine(Repository.Root, "tests", "Enclave.Guard.UnitTests", "Rules", "tables"), "idioms-*.txt").Order(StringComparer.Ordinal)
            .SelectMany(File.ReadLines).Select((line) => line.Split(" | ", 2)).Where((parts) => parts.Length == 2)
            .Select((parts) => parts[1].Replace('¶', '\n'));

    private static IEnumerable<string> Samples() => File.ReadLines(Path.Combine(Repository.Root, "docs", "prompts", "agentscript-long.txt"))
        .Where((line) => line.StartsWith("yes: ", StringComparison.Ordinal)).Select((line) => line[5..]);

    private static EnclaveHost Open(SecurityLevel level)
    {
        var options = new EnclaveOptions { SecurityLevel = level, AllowDegradedIsolation = Enum.GetValues<IsolationLayer>() };
        // The programs call tools of many others.
        options.ToolHandler = (_, _, _) => new(1);
        AnswerTools.AddTo(options.Tools);
        return new EnclaveHost(options);
    }
}
