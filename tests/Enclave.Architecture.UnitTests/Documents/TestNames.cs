using Enclave.Architecture.UnitTests.Layers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Enclave.Architecture.UnitTests.Documents;

/// <summary>The tests in a source file, as pages name them: <c>Class</c> and <c>Class.Method</c>.</summary>
internal static class TestNames
{
    public static IEnumerable<string> In(SyntaxTree source)
    {
        foreach (TypeDeclarationSyntax type in Declarations.Types(source))
        {
            string[] methods = [.. type.Members.OfType<MethodDeclarationSyntax>().Where(IsTest).Select((method) => method.Identifier.Text)];
            if (methods.Length > 0) yield return type.Identifier.Text;
            foreach (string method in methods) yield return $"{type.Identifier.Text}.{method}";
        }
    }

    private static bool IsTest(MethodDeclarationSyntax method) => method.AttributeLists.SelectMany((list) => list.Attributes)
        .Any((attribute) => attribute.Name.ToString() is "Fact" or "Theory" or "Property");
}
