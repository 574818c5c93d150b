using System.Text.RegularExpressions;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>The pages show code that the tests run: every C# sample is the text of a test.</summary>
public sealed partial class SamplePagesTests
{
    [Fact]
    public void Every_sample_of_the_pages_is_run_by_a_test()
    {
        string[] samples = [.. Samples().SelectMany(Parts)];
        Assert.NotEmpty(samples);
        var missing = new List<string>();
        foreach ((string page, string block) in Pages().SelectMany((page) => Blocks(page).Select((block) => (page, block))))
        {
            if (!samples.Contains(block)) missing.Add($"{page}: {block.Split('\n')[0]}");
        }

        Assert.True(missing.Count == 0, $"no test has these samples between '// sample' and '// end': {string.Join("; ", missing)}");
    }

    [Fact]
    public void Every_sample_that_a_test_runs_stands_in_a_page()
    {
        HashSet<string> shown = [.. Pages().SelectMany(Blocks)];
        Assert.All(Samples().SelectMany((file) => Parts(file).Select((part) => (file, part))), (sample) => Assert.True(
            shown.Contains(sample.part), $"{sample.file}: no page shows it as it is now"));
    }

    /// <summary>All pages except the reference, which is generated from the comments.</summary>
    private static IEnumerable<string> Pages() =>
    [
        Path.Combine(Repository.Root, "README.md"),
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
        .Where((file) => Path.GetFileName(Path.GetDirectoryName(file)) != "api").Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> Samples() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*Sample.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    /// <summary>The C# of a page, except blocks with a remark that says why no test runs them.</summary>
    private static IEnumerable<string> Blocks(string page) => Fence().Matches(File.ReadAllText(page))
        .Where((match) => match.Groups["remark"].Length == 0)
        .SelectMany((match) => PartsOfBlock(match.Groups["code"].Value.Split('\n')));

    /// <summary>
    /// A block's statements and the types after them. A test has its own usings and variables, so lines of
    /// <c>using</c>, <c>// Given:</c> and <c>// Left out:</c> are passed over.
    /// </summary>
    private static IEnumerable<string> PartsOfBlock(string[] lines)
    {
        string[] code = [.. lines.SkipWhile((line) => line.Length == 0 || Heading().IsMatch(line))];
        int types = Array.FindIndex(code, TypeDeclaration().IsMatch);
        string[][] parts = types > 0 && !code[0].StartsWith("///", StringComparison.Ordinal) ? [code[..types], code[types..]] : [code];
        return parts.Select((part) => string.Join('\n', part).Trim('\n'));
    }

    private static IEnumerable<string> Parts(string file)
    {
        List<string>? part = null;
        foreach (string line in File.ReadLines(file))
        {
            string word = line.Trim();
            if (word == "// sample") part = [];
            else if (word == "// end" && part is not null)
            {
                yield return Dedented(part);
                part = null;
            }
            else part?.Add(line);
        }
    }

    private static string Dedented(List<string> lines)
    {
        int margin = lines.Where((line) => line.Trim().Length > 0).Select((line) => line.Length - line.TrimStart().Length).DefaultIfEmpty(0).Min();
        return string.Join('\n', lines.Select((line) => line.Length >= margin ? line[margin..] : "")).Trim('\n');
    }

    [GeneratedRegex("(?<remark><!-- not run: [^\n]+ -->\n)?```csharp\n(?<code>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^(using [A-Za-z.]+;|// (Given|Left out): .*)$")]
    private static partial Regex Heading();

    [GeneratedRegex("^((public|internal|sealed|static|abstract) )*(record|class|interface|struct|enum) ")]
    private static partial Regex TypeDeclaration();
}
