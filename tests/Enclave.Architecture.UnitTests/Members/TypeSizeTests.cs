using Enclave.Architecture.UnitTests.Layers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Enclave.Architecture.UnitTests.Members;

/// <summary>
/// A type is small enough to be read as a whole. Its lines are counted over all of its files, with those of the types inside it. Generated files do not
/// count.
/// </summary>
public sealed class TypeSizeTests
{
    /// <summary>The lines of the largest type, about. It only falls: a type that grows above it becomes two.</summary>
    private const int Most = 1_100;

    /// <summary>When the largest type is so many lines below the limit, the limit falls.</summary>
    private const int Room = 100;

    [Fact]
    public void No_type_is_larger_than_the_limit()
    {
        (string Type, int Lines)[] largest =
        [
            .. SourceProjects.Compiled
                .SelectMany((project) => Sizes(Sources(project)).Select((size) => (Type: $"{project} {size.Key}", Lines: size.Value)))
                .OrderByDescending((size) => size.Lines)
                .Take(10),
        ];

        string shown = string.Join('\n', largest.Select((size) => $"{size.Lines} {size.Type}"));
        Assert.True(largest[0].Lines <= Most, $"The limit is {Most} lines:\n{shown}");
        Assert.True(largest[0].Lines > Most - Room, $"The limit of {Most} lines can fall:\n{shown}");
    }

    [Theory]
    [InlineData("namespace N;\nclass A\n{\n}\nclass B { }", "", "A 3, B 1")]
    [InlineData("namespace N;\npartial class A\n{\n}", "namespace N;\n// Why.\npartial class A { }", "A 4")]
    [InlineData("namespace N;\nclass A\n{\n    class B\n    {\n    }\n}", "namespace M;\nclass A { }\nclass A<T> { }", "M.A 1, M.A`1 1, A 6")]
    public void The_rule_counts_a_type_over_its_files(string one, string other, string expected) => Assert.Equal(
        expected, string.Join(", ", Sizes(((string[])[one, other]).Select((text) => CSharpSyntaxTree.ParseText(text)))
            .Select((size) => $"{size.Key.Replace("N.", "", StringComparison.Ordinal)} {size.Value}")));

    /// <summary>The lines of each outermost type, by its namespace and name.</summary>
    private static SortedDictionary<string, int> Sizes(IEnumerable<SyntaxTree> sources)
    {
        SortedDictionary<string, int> sizes = new(StringComparer.Ordinal);
        foreach (SyntaxTree source in sources)
        {
            IEnumerable<BaseTypeDeclarationSyntax> types = source.GetRoot()
                .DescendantNodes((node) => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<BaseTypeDeclarationSyntax>();
            foreach (BaseTypeDeclarationSyntax type in types)
            {
                string space = type.Parent is BaseNamespaceDeclarationSyntax declared ? $"{declared.Name}." : "";
                string arity = type is TypeDeclarationSyntax { Arity: > 0 and var count } ? $"`{count}" : "";
                string name = $"{space}{type.Identifier.Text}{arity}";
                FileLinePositionSpan place = type.GetLocation().GetLineSpan();
                sizes[name] = sizes.GetValueOrDefault(name) + place.EndLinePosition.Line - place.StartLinePosition.Line + 1;
            }
        }

        return sizes;
    }

    private static IEnumerable<SyntaxTree> Sources(string project) =>
        SourceFiles.Written(Path.Combine(SourceProjects.Folder, project)).Select(SourceFiles.Tree);
}
