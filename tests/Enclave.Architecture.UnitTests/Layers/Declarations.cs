using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Enclave.Architecture.UnitTests.Layers;

/// <summary>The declarations of a file, read without the bodies of its members.</summary>
internal static class Declarations
{
    public static IEnumerable<TypeDeclarationSyntax> Types(SyntaxTree file) => All(file).OfType<TypeDeclarationSyntax>();

    /// <summary>Namespaces, types and their members.</summary>
    public static IEnumerable<MemberDeclarationSyntax> All(SyntaxTree file) => file.GetRoot()
        .DescendantNodes((node) => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax)
        .OfType<MemberDeclarationSyntax>();
}
