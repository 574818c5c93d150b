using System.Text.RegularExpressions;
using Enclave.Architecture.UnitTests.Layers;
using Enclave.Broker;
using Enclave.Client;
using Enclave.Guard;
using Enclave.Protocol;
using Enclave.Runtime;
using Enclave.Streaming;
using Enclave.Tests;
using Microsoft.CodeAnalysis.CSharp;

namespace Enclave.Architecture.UnitTests.Documents;

/// <summary>docs/porting.md names only members that exist, and a test shows each line: <c>porting-tests.txt</c> lists them.</summary>
public sealed partial class PortingPageTests
{
    private static readonly Type[] s_types =
    [
        .. new[] { typeof(EnclaveHost), typeof(ErrorCode), typeof(DurableRun), typeof(ModelText), typeof(OpenApiService), typeof(GuardPreset),
            typeof(ScriptValue),
            typeof(BrokerOptions), typeof(RuntimeWorker), typeof(SessionEvent), typeof(EnclaveClient) }
            .SelectMany((type) => type.Assembly.GetExportedTypes()),
    ];

    [Fact]
    public void Every_member_it_names_is_public()
    {
        var missing = new List<string>();
        foreach (string[] row in Rows())
        {
            foreach (Match name in Code().Matches(row[1]))
            {
                if (!IsThere(name.Groups[1].Value)) missing.Add($"{row[0]}: {name.Groups[1].Value}");
            }
        }

        Assert.True(missing.Count == 0, string.Join("; ", missing));
    }

    [Fact]
    public void Every_test_it_names_is_there()
    {
        HashSet<string> tests = [.. SourceFiles.Under(Path.Combine(Repository.Root, "tests")).SelectMany((file) => TestNames.In(SourceFiles.Tree(file)))];
        string[] missing = [.. Shown().SelectMany((row) => row.Value.Where((name) => !tests.Contains(name)).Select((name) => $"{row.Key}: {name}"))];

        Assert.True(missing.Length == 0, string.Join("; ", missing));
    }

    [Theory]
    [InlineData("ATests", true)]
    [InlineData("ATests.It_holds", true)]
    [InlineData("ATests.It_holds_for_each", true)]
    [InlineData("ATests.Setup", false)]
    [InlineData("BTests", false)]
    [InlineData("BTests.It_holds", false)]
    [InlineData("at", false)]
    [InlineData("at.It_holds", false)]
    public void A_test_is_a_method_with_an_attribute_in_its_class(string name, bool there)
    {
        const string source = """
            /// <summary>Each class at all levels.</summary>
            public sealed class ATests
            {
                [Fact]
                public void It_holds() => Setup();

                [Theory, MemberData(nameof(All))]
                public Task It_holds_for_each(string one) => Task.CompletedTask;

                private static void Setup() { }
            }

            // class BTests { void It_holds() }
            internal sealed class BTests;
            """;

        Assert.Equal(there, TestNames.In(CSharpSyntaxTree.ParseText(source)).Contains(name));
    }

    [Fact]
    public void Every_line_has_a_form_and_a_test_or_says_why_not()
    {
        Dictionary<string, string[]> shown = Shown();
        string[][] rows = Rows();
        Assert.All(rows, (row) => Assert.True(
            row[1].StartsWith("none: ", StringComparison.Ordinal) || (Code().IsMatch(row[1]) && shown.ContainsKey(row[0])), $"{row[0]}: '{row[1]}'"));
        Assert.Equal([], shown.Keys.Except(rows.Select((row) => row[0]), StringComparer.Ordinal));
    }

    /// <summary>The names that the documented product's inventory has, without those of the language.</summary>
    [Fact]
    public void Every_name_of_the_documented_product_is_on_the_page()
    {
        string inventory = Path.Combine(SharedFolder.Path, "inventory.md");
        Assert.SkipUnless(File.Exists(inventory), $"needs {inventory}");
        string[] ofTheLanguage =
        [
            "BigInt", "RegExp", "do-while", "forEach", "getPrototypeOf", "lookupGetter", "matchAll", "setInterval", "setTimeout", "toString", "valueOf",
        ];
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "porting.md"));
        string[] names = [.. Code().Matches(File.ReadAllText(inventory)).Select((span) => span.Groups[1].Value)
            .Where((span) => !span.Contains('\n', StringComparison.Ordinal)).SelectMany((span) => Name().Matches(span)).Select((name) => name.Value)
            .Distinct()];

        Assert.True(names.Length > 50, $"{names.Length} names");
        Assert.Equal([], names.Except(ofTheLanguage).Where((name) => !page.Contains(name, StringComparison.Ordinal)));
    }

    /// <summary>The tests that show a line, by what the product documents.</summary>
    private static Dictionary<string, string[]> Shown() => File.ReadLines(Path.Combine(
            Repository.Root, "tests", "Enclave.Architecture.UnitTests", "Documents", "porting-tests.txt"))
        .Where((line) => !line.StartsWith('#')).Select((line) => line.Split(" | ")).ToDictionary((cells) => cells[0], (cells) => cells[1].Split(", "));

    /// <summary>The lines of the lists: what the product documents, and what it is here.</summary>
    private static string[][] Rows()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "porting.md"));
        // In front of the lists stand the main differences, in bold.
        string[][] rows = [.. lines.Where((line) => line.StartsWith("- ", StringComparison.Ordinal) && !line.StartsWith("- **", StringComparison.Ordinal))
            .Select((line) => line[2..].Split(" → "))];
        Assert.All(rows, (parts) => Assert.True(parts.Length == 2, $"'{string.Join(" → ", parts)}' has no one arrow"));
        Assert.True(rows.Length > 150, $"{rows.Length} rows");
        return rows;
    }

    /// <summary><c>Type</c> or <c>Type.Member</c>. Ignores a call's parentheses, an assignment and type arguments.</summary>
    private static bool IsThere(string text)
    {
        string[] words = Cut().Replace(text, "").Split('.');
        Type? type = s_types.FirstOrDefault((type) => type.Name.Split('`')[0] == words[0]);
        if (type is null || words.Length > 2) return false;
        return words.Length == 1 || type.GetMember(words[1]).Length > 0 || type.GetInterfaces().Any((other) => other.GetMember(words[1]).Length > 0);
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    /// <summary>As <c>toolHandler</c>, <c>ReDoSError</c>, <c>TOOL_ERROR</c> and <c>no-eval</c>.</summary>
    [GeneratedRegex(@"(?<![\w-])(?:[a-z]{1,}[A-Z]\w+|[A-Z][a-z]+[A-Z]\w+|[A-Z]+_[A-Z_]+|[a-z]+-[a-z-]*[a-z])(?![\w-])")]
    private static partial Regex Name();

    [GeneratedRegex(@"[ (<=\[].*$")]
    private static partial Regex Cut();
}
