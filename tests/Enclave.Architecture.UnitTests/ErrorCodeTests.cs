using System.Text.RegularExpressions;
using Enclave.Architecture.UnitTests.Layers;
using Microsoft.CodeAnalysis.CSharp;

namespace Enclave.Architecture.UnitTests;

/// <summary>An error code is written once, in a class of codes, so that its uses can be found by the name.</summary>
public sealed partial class ErrorCodeTests
{
    /// <summary>The classes of codes: of runs, of tools, of sessions, and the two that the JavaScript product documents.</summary>
    private static readonly string[] s_classes =
    [
        "Enclave.Client/Results/ClientErrorCodes.cs", "Enclave.Workers/Reports/ErrorCodes.cs", "Enclave.Host/Outcomes/ToolCode.cs",
        "Enclave.Streaming/Encryption/EncryptionCodes.cs", "Enclave.Streaming/SessionCode.cs",
    ];

    /// <summary>The same text with another meaning.</summary>
    private static readonly (string File, string Text)[] s_otherMeaning =
    [
        // The code of a tool that an application wrote.
        ("Enclave.Cli/Serve/Demo/DemoTools.cs", "NOT_FOUND"),
        // The code of an issue of the guard.
        ("Enclave.Guard/Rules/ParseIssue.cs", "PARSE_ERROR"),
    ];

    /// <summary>Texts that look like codes: variables of the environment, capabilities of Linux, the tag of a measurement.</summary>
    private static readonly HashSet<string> s_noCodes =
    [
        "CALLER_CANCELLED", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "DOTNET_ROOT", "ENCLAVE_ENGINE", "ENCLAVE_QUEUE", "ENCLAVE_RESET", "LC_ALL",
        "RUNTIME_URL", "XDG_STATE_HOME",
    ];

    private static readonly string[] s_withoutErrorCodes = ["Enclave.Cli", "Enclave.Guard", "Enclave.JavaScript"];

    private static readonly Lazy<(string Project, string File, string Text)[]> s_others = new(() =>
    [
        .. from project in SourceProjects.Compiled
           from path in SourceProjects.Files(project)
           let file = Path.GetRelativePath(SourceProjects.Folder, path)
           where !s_classes.Contains(file)
           from text in Literals(path)
           where Word().IsMatch(text)
           select (project, file, text),
    ]);

    [Fact]
    public void No_code_is_written_outside_of_the_classes()
    {
        HashSet<string> codes = [.. s_classes.SelectMany(CodesOf)];
        Assert.All((string[])["QUEUE_FULL", "TIMEOUT", "TOOL_TIMEOUT", "SESSION_CANCELLED", "FORBIDDEN"], (code) => Assert.Contains(code, codes));

        (string File, string Text)[] beside =
            [.. s_others.Value.Where((literal) => codes.Contains(literal.Text)).Select((literal) => (literal.File, literal.Text))];

        Assert.Equal(s_otherMeaning, beside);
    }

    [Fact]
    public void No_other_text_is_a_code()
    {
        IEnumerable<string> unknown = s_others.Value.Where((literal) => !s_withoutErrorCodes.Contains(literal.Project))
            .Select((literal) => literal.Text).Where((text) => text.Contains('_', StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(s_noCodes.Order(StringComparer.Ordinal), unknown);
    }

    /// <summary>The codes that a file under <c>src</c> declares.</summary>
    internal static IEnumerable<string> CodesOf(string file) => Literals(Path.Combine(SourceProjects.Folder, file)).Where((text) => Word().IsMatch(text));

    /// <summary>The texts of a file, and the quoted words inside of them, as in a piece of JSON.</summary>
    private static IEnumerable<string> Literals(string path) => SourceFiles.Tree(path).GetRoot().DescendantTokens()
        .Where((token) => token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken
            or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken)
        .SelectMany((token) => Quoted().Matches(token.ValueText).Select((match) => match.Groups[1].Value).Prepend(token.ValueText));

    [GeneratedRegex("^[A-Z]+(?:_[A-Z]+)*$")]
    private static partial Regex Word();

    [GeneratedRegex("\"([A-Z]+(?:_[A-Z]+)*)\"")]
    private static partial Regex Quoted();
}
