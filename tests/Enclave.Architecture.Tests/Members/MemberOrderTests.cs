using Enclave.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Enclave.Architecture.Tests.Members;

/// <summary>The constants of a type stand before its other members, so that a reader finds its limits at the top.</summary>
public sealed class MemberOrderTests
{
    private static readonly string[] s_folders = ["benchmarks", "deploy", "samples", "src", "tests", "tools"];

    public static TheoryData<string> Folders => [.. s_folders];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Constants_stand_first(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where((file) => !file.EndsWith(".g.cs", StringComparison.Ordinal))];

        string[] wrong = [.. files.AsParallel()
            .SelectMany((file) => Late(File.ReadAllText(file)).Select((found) => $"{Path.GetRelativePath(Repository.Root, file)}:{found}"))
            .Order(StringComparer.Ordinal)];

        Assert.NotEmpty(files);
        Assert.True(wrong.Length == 0, $"Constants that do not stand first in their type:\n{string.Join('\n', wrong)}");
    }

    [Theory]
    [InlineData("class A { const int B = 1; int c; }", "")]
    [InlineData("class A { private const string B = \"}\"; public const int C = 1; int D() { const int e = 1; return e; } }", "")]
    [InlineData("class A { int b; const int C = 1, D = 2; }", "1 A.C")]
    [InlineData("class A\n{\n    void B() { }\n\n    // Why.\n    const int C = 1;\n}", "6 A.C")]
    [InlineData("namespace N; class A { class B { static readonly int c = 1; const int D = 2; } }", "1 B.D")]
    [InlineData("record A(int B) { public int C => 1; internal const int D = 2; }", "1 A.D")]
    public void The_rule_knows_which_constants_are_late(string source, string late) => Assert.Equal(late, string.Join(", ", Late(source)));

    /// <summary>Returns the line and the name of each constant behind another member.</summary>
    private static IEnumerable<string> Late(string source) =>
        from type in CSharpSyntaxTree.ParseText(source).GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>()
        from member in type.Members.SkipWhile(IsConstant).Where(IsConstant)
        let first = ((FieldDeclarationSyntax)member).Declaration.Variables[0]
        select $"{first.GetLocation().GetLineSpan().StartLinePosition.Line + 1} {type.Identifier.Text}.{first.Identifier.Text}";

    private static bool IsConstant(MemberDeclarationSyntax member) =>
        member is FieldDeclarationSyntax field && field.Modifiers.Any((modifier) => modifier.IsKind(SyntaxKind.ConstKeyword));
}
