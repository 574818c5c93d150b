using Enclave.Architecture.UnitTests.Layers;
using Enclave.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Enclave.Architecture.UnitTests.Members;

/// <summary>
/// The order within a source file: imports as dotnet format sorts them, whose check takes minutes, and the constants of a type before its other members,
/// so that a reader finds its limits at the top.
/// </summary>
public sealed class SourceOrderTests
{
    private static readonly string[] s_folders = ["benchmarks", "deploy", "samples", "src", "tests", "tools"];

    public static TheoryData<string> Folders => [.. s_folders];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Constants_stand_first(string folder)
    {
        string[] wrong = Wrong(folder, Late);

        Assert.True(wrong.Length == 0, $"Constants that do not stand first in their type:\n{string.Join('\n', wrong)}");
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Imports_are_sorted(string folder)
    {
        string[] wrong = Wrong(folder, Unsorted);

        Assert.True(wrong.Length == 0, $"Imports that dotnet format would move:\n{string.Join('\n', wrong)}");
    }

    [Theory]
    [InlineData("class A { const int B = 1; int c; }", "")]
    [InlineData("class A { private const string B = \"}\"; public const int C = 1; int D() { const int e = 1; return e; } }", "")]
    [InlineData("class A { int b; const int C = 1, D = 2; }", "1 A.C")]
    [InlineData("class A\n{\n    void B() { }\n\n    // Why.\n    const int C = 1;\n}", "6 A.C")]
    [InlineData("namespace N; class A { class B { static readonly int c = 1; const int D = 2; } }", "1 B.D")]
    [InlineData("record A(int B) { public int C => 1; internal const int D = 2; }", "1 A.D")]
    public void The_rule_knows_which_constants_are_late(string source, string late) =>
        Assert.Equal(late, string.Join(", ", Late(CSharpSyntaxTree.ParseText(source))));

    [Theory]
    [InlineData("using System.Text; using A.B; using A.b.C; using static Z.Y; using X = A.A;", "")]
    [InlineData("using A; using System;", "1 System")]
    [InlineData("using A.B.C;\nusing A.D;\nusing A.B;", "3 A.B")]
    public void The_rule_knows_which_imports_are_late(string source, string late) =>
        Assert.Equal(late, string.Join(", ", Unsorted(CSharpSyntaxTree.ParseText(source))));

    private static string[] Wrong(string folder, Func<SyntaxTree, IEnumerable<string>> rule)
    {
        string[] files = [.. SourceFiles.Written(Path.Combine(Repository.Root, folder))];
        Assert.NotEmpty(files);
        return [.. files.SelectMany((file) => rule(SourceFiles.Tree(file)).Select((found) => $"{Path.GetRelativePath(Repository.Root, file)}:{found}"))];
    }

    /// <summary>Returns the line and the name of each import that belongs before the one above it.</summary>
    private static IEnumerable<string> Unsorted(SyntaxTree source)
    {
        UsingDirectiveSyntax[] imports = [.. source.GetCompilationUnitRoot().Usings
            .Where((import) => import.Alias is null && import.StaticKeyword.IsKind(SyntaxKind.None))];
        return from pair in imports.Zip(imports.Skip(1))
               where string.Compare(Key(pair.First), Key(pair.Second), StringComparison.OrdinalIgnoreCase) > 0
               select $"{pair.Second.GetLocation().GetLineSpan().StartLinePosition.Line + 1} {pair.Second.Name}";
    }

    /// <summary>Part by part, and those of System first.</summary>
    private static string Key(UsingDirectiveSyntax import) =>
        (import.Name!.ToString().Split('.')[0] == "System" ? "\0" : "") + import.Name.ToString().Replace('.', '\0');

    /// <summary>Returns the line and the name of each constant behind another member.</summary>
    private static IEnumerable<string> Late(SyntaxTree source) =>
        from type in Declarations.Types(source)
        from member in type.Members.SkipWhile(IsConstant).Where(IsConstant)
        let first = ((FieldDeclarationSyntax)member).Declaration.Variables[0]
        select $"{first.GetLocation().GetLineSpan().StartLinePosition.Line + 1} {type.Identifier.Text}.{first.Identifier.Text}";

    private static bool IsConstant(MemberDeclarationSyntax member) =>
        member is FieldDeclarationSyntax field && field.Modifiers.Any((modifier) => modifier.IsKind(SyntaxKind.ConstKeyword));
}
