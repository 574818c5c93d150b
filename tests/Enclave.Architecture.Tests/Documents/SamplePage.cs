using System.Text.RegularExpressions;

namespace Enclave.Architecture.Tests.Documents;

/// <summary>The C# of one page, and the line with its packages and namespaces.</summary>
/// <remarks>
/// The line is <c>Packages: `A`, `B`. Namespaces: `N`, `M`.</c>, and for a web project also <c>Project: `Microsoft.NET.Sdk.Web`.</c> A block may use types
/// that other blocks of its page declare. It names the parts that it leaves out: variables in a line <c>// Given: string path, Uri address</c> behind its
/// usings, types in a line <c>// Left out: Users</c>, with their declarations in a comment <c>&lt;!-- given … --&gt;</c> in front of the block.
/// </remarks>
internal sealed partial class SamplePage
{
    private SamplePage(string name, string text)
    {
        Name = name;
        Match uses = Uses().Match(text);
        HasUses = uses.Success;
        Packages = Quoted().Matches(uses.Groups["packages"].Value).Select((match) => match.Groups[1].Value).ToArray();
        Namespaces = Quoted().Matches(uses.Groups["namespaces"].Value).Select((match) => match.Groups[1].Value).ToArray();
        IsWeb = uses.Groups["web"].Success;
        Blocks = Fence().Matches(text).Select((match) => new SampleBlock(match.Groups["given"].Value, match.Groups["code"].Value)).ToArray();
    }

    public string Name { get; }

    /// <summary>Whether the page has the line.</summary>
    public bool HasUses { get; }

    public IReadOnlyList<string> Packages { get; }

    public IReadOnlyList<string> Namespaces { get; }

    /// <summary>Whether its projects are web applications, whose SDK imports more namespaces.</summary>
    public bool IsWeb { get; }

    public IReadOnlyList<SampleBlock> Blocks { get; }

    public static SamplePage Read(string file) => Parse(DocumentPages.NameOf(file), File.ReadAllText(file));

    public static SamplePage Parse(string name, string text) => new(name, text);

    [GeneratedRegex(@"^Packages?: (?<packages>`[^\n]+?`)\. Namespaces?: (?<namespaces>`[^\n]+?`)\.(?<web> Project: `Microsoft\.NET\.Sdk\.Web`\.)?$",
        RegexOptions.Multiline)]
    private static partial Regex Uses();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("(<!-- given\n(?<given>.*?)\n-->\n)?(<!-- not run: [^\n]+ -->\n)?```csharp\n(?<code>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
