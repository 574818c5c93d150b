using System.Text.RegularExpressions;
using Enclave.Guard.Options;
using Enclave.Guard.Tests.Rules;
using Enclave.Tests;

namespace Enclave.Guard.Tests.Presets;

/// <summary>The README's table of levels matches the rules: each construct runs from the level of its row on, and is refused below it.</summary>
public sealed partial class ReadmeLevelTests
{
    private static readonly GuardLevel[] s_levels = [GuardLevel.Strict, GuardLevel.Secure, GuardLevel.Standard, GuardLevel.Permissive];

    /// <summary>An example of each construct. A name that is not here is a global that a script returns.</summary>
    private static readonly Dictionary<string, string> s_programs = new(StringComparer.Ordinal)
    {
        ["const"] = "const a = 1; return a",
        ["let"] = "let a = 1; return a",
        ["for"] = "for (let i = 0; i < 3; i++) console.log(i)",
        ["for…of"] = "for (const x of [1]) console.log(x)",
        ["for…in"] = "for (const k in { a: 1 }) console.log(k)",
        ["if"] = "if (1 > 0) return 1",
        ["switch"] = "switch (1) { case 1: return 1; default: return 2 }",
        ["try"] = "try { throw { message: 'x' } } catch (e) { return e.message }",
        ["while"] = "let i = 0; while (i < 3) i++",
        ["do"] = "let i = 0; do { i++ } while (i < 3)",
        ["callTool"] = "return await callTool('t', {})",
        ["parallel"] = "return await parallel([1], (x) => callTool('t', { x }))",
        ["console"] = "console.log('x')",
        ["eval"] = "return eval('1')",
        ["Function"] = "return new Function('return 1')()",
        ["import"] = "return await import('fs')",
        ["with"] = "with ({ a: 1 }) { a }",
        [".constructor"] = "return [].constructor",
        [".prototype"] = "return (() => 1).prototype",
        [".__proto__"] = "return [].__proto__",
        ["enum"] = "enum E { A }",
    };

    public static TheoryData<string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string>();
            string page = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
            foreach (Match row in Row().Matches(page))
                rows.Add(row.Groups[1].Value, string.Join(' ', Name().Matches(row.Groups[2].Value).Select((name) => name.Groups[1].Value)));
            return rows;
        }
    }

    [Fact]
    public void Each_level_has_a_row_and_so_has_none() => Assert.Equal(5, Rows.Count);

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_construct_runs_from_the_level_of_its_row_on(string row, string names)
    {
        int first =
            row == "no level" ? s_levels.Length : Array.FindIndex(s_levels, (level) => row.StartsWith(level.ToString(), StringComparison.OrdinalIgnoreCase));
        Assert.True(first >= 0 && names.Length > 0, row);
        foreach (string name in names.Split(' '))
        {
            string program = s_programs.GetValueOrDefault(name, $"return {name}");
            bool[] runs = [.. s_levels.Select((level) => !Judged.Issues(program, level).Any((issue) => issue.Severity == IssueSeverity.Error))];

            Assert.True(runs.SequenceEqual(s_levels.Select((_, i) => i >= first)),
                $"{row}: {name} ({program}) runs at {string.Join(", ", s_levels.Where((_, i) => runs[i]))}");
        }
    }

    [GeneratedRegex(
        @"^\| (STRICT|SECURE|STANDARD \(default\)|PERMISSIVE|no level) \| (`.*|regular expressions .*|function declarations.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
