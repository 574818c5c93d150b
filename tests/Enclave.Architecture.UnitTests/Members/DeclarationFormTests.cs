using Enclave.Architecture.UnitTests.Layers;
using Enclave.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Enclave.Architecture.UnitTests.Members;

/// <summary>
/// The form of declarations: one namespace for the whole file, and the accessibility of a type or member written in front of it. The compiler's analyzers of
/// style know these rules as well (IDE0161 and IDE0040, .editorconfig) but take half of the time of all analyzers.
/// </summary>
public sealed class DeclarationFormTests
{
    public static TheoryData<string> Folders => ["benchmarks", "deploy", "samples", "src", "tests", "tools"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_namespace_is_that_of_its_file(string folder) => Check(folder, Blocks, "Write 'namespace N;' above the types");

    [Theory]
    [MemberData(nameof(Folders))]
    public void Accessibility_is_written(string folder) => Check(folder, Silent, "Write public, internal, protected or private in front of");

    [Theory]
    [InlineData("namespace N;\nclass A;", "")]
    [InlineData("class A;", "")]
    [InlineData("using System;\n\nnamespace N\n{\n    class A;\n}", "3 N")]
    public void The_rule_knows_which_namespaces_are_blocks(string source, string found) =>
        Assert.Equal(found, string.Join(", ", Blocks(CSharpSyntaxTree.ParseText(source))));

    [Theory]
    [InlineData("class A;", "1 A")]
    [InlineData("namespace N;\npublic enum A { B }\nenum C { D }\ndelegate void E();", "3 C, 4 E")]
    [InlineData("file class A { int B; private int c, d; event Action E; int F => 1; void G() { int h; void I() { } } }", "1 B, 1 E, 1 F, 1 G")]
    [InlineData("public class A { A() { } static A() { } ~A() { } int this[int i] => i; class B; }", "1 A, 1 this, 1 B")]
    [InlineData("public interface IA { int B { get; } void C(); class D { int E; } }", "1 E")]
    [InlineData("public class A : IA { int IA.B => 1; void IA.C() { } event Action IA.D { add { } remove { } } int IA.this[int i] => i; }", "")]
    [InlineData("public static class A { extension(string text) { public int B => 1; int C() => 1; } }", "1 C")]
    [InlineData("public partial class A { partial void B(); public static A operator +(A a, A b) => a; }", "")]
    public void The_rule_knows_which_declarations_are_silent(string source, string found) =>
        Assert.Equal(found, string.Join(", ", Silent(CSharpSyntaxTree.ParseText(source))));

    private static void Check(string folder, Func<SyntaxTree, IEnumerable<string>> rule, string remedy)
    {
        string[] wrong = [.. SourceFiles.Written(Path.Combine(Repository.Root, folder))
            .SelectMany((file) => rule(SourceFiles.Tree(file)).Select((found) => $"{Path.GetRelativePath(Repository.Root, file)}:{found}"))];

        Assert.True(wrong.Length == 0, $"{remedy}:\n{string.Join('\n', wrong)}");
    }

    /// <summary>Returns the line and the name of each namespace with braces.</summary>
    private static IEnumerable<string> Blocks(SyntaxTree file) => Declarations.All(file).OfType<NamespaceDeclarationSyntax>()
        .Select((space) => $"{Line(space.Name.GetLocation())} {space.Name}");

    /// <summary>Returns the line and the name of each type and member that could have an accessibility, and has none.</summary>
    private static IEnumerable<string> Silent(SyntaxTree file) => Declarations.All(file)
        .Where((member) => NameOf(member) is not null && !HasAccessibility(member)).Select(NameOf)
        .Select((name) => $"{Line(name!.Value.GetLocation())} {name}");

    /// <summary>The name of a declaration that may have an accessibility; null for others.</summary>
    private static SyntaxToken? NameOf(MemberDeclarationSyntax member) => member switch
    {
        // A block of extension members has no name.
        { Parent: InterfaceDeclarationSyntax } or ExtensionBlockDeclarationSyntax => null,
        BaseTypeDeclarationSyntax type when !type.Modifiers.Any(SyntaxKind.FileKeyword) => type.Identifier,
        DelegateDeclarationSyntax type when !type.Modifiers.Any(SyntaxKind.FileKeyword) => type.Identifier,
        // Fields, and events that are declared like fields.
        BaseFieldDeclarationSyntax field => field.Declaration.Variables[0].Identifier,
        ConstructorDeclarationSyntax constructor when !constructor.Modifiers.Any(SyntaxKind.StaticKeyword) => constructor.Identifier,
        PropertyDeclarationSyntax { ExplicitInterfaceSpecifier: null } property => property.Identifier,
        IndexerDeclarationSyntax { ExplicitInterfaceSpecifier: null } indexer => indexer.ThisKeyword,
        EventDeclarationSyntax { ExplicitInterfaceSpecifier: null } happening => happening.Identifier,
        // A part without a body and without an accessibility is one that may be missing.
        MethodDeclarationSyntax { ExplicitInterfaceSpecifier: null } method when !method.Modifiers.Any(SyntaxKind.PartialKeyword) => method.Identifier,
        _ => null,
    };

    private static bool HasAccessibility(MemberDeclarationSyntax member) => member.Modifiers.Any((modifier) => modifier.Kind()
        is SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.PrivateKeyword);

    private static int Line(Location place) => place.GetLineSpan().StartLinePosition.Line + 1;
}
