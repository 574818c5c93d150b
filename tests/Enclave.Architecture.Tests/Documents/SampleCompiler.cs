using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Enclave.Architecture.Tests.Documents;

/// <summary>
/// Compiles the blocks of a page as files of a new project, with the page's packages and namespaces and with the parts that a block leaves out.
/// </summary>
internal static class SampleCompiler
{
    private static readonly string[] s_sdk =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    private static readonly string[] s_webSdk =
    [
        "System.Net.Http.Json", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing",
        "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
    ];

    private static readonly CSharpParseOptions s_language = new(LanguageVersion.Latest);

    /// <summary>The errors and warnings of each block; empty if all of them compile.</summary>
    public static IReadOnlyList<string> Check(SamplePage page)
    {
        IReadOnlyList<MetadataReference> references = SampleReferences.Of(page.Packages);
        SyntaxTree usings = Tree(
            string.Concat(s_sdk.Concat(page.IsWeb ? s_webSdk : []).Concat(page.Namespaces).Distinct().Select((name) => $"global using {name};\n")));
        return [.. page.Blocks.SelectMany((block) => CheckBlock(page, block, usings, references))];
    }

    private static IEnumerable<string> CheckBlock(SamplePage page, SampleBlock block, SyntaxTree usings, IReadOnlyList<MetadataReference> references)
    {
        foreach (BaseTypeDeclarationSyntax type in Types(block.GivenTypes))
        {
            if (!block.LeftOut.Contains(type.Identifier.Text, StringComparison.Ordinal))
                yield return $"{page.Name}, '{block.FirstLine}': its line '// Left out:' does not name {type.Identifier.Text}";
        }

        SyntaxTree program = Tree(Source(block));
        bool isProgram = Root(program).Members.OfType<GlobalStatementSyntax>().Any();
        string[] declared = [.. Types(block.Code).Select((type) => type.Identifier.Text)];
        SyntaxTree[] others =
        [
            .. page.Blocks.Where((other) => other != block).SelectMany((other) => Types(other.Code).Select((type) => (other, type)))
                .Where((found) => !declared.Contains(found.type.Identifier.Text)).DistinctBy((found) => found.type.Identifier.Text)
                .Select((found) => Tree(UsingsOf(found.other) + found.type.ToFullString())),
        ];
        var options = new CSharpCompilationOptions(
            isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Sample", [usings, program, Tree(UsingsOf(block) + block.GivenTypes), .. others], references, options);
        foreach (Diagnostic found in compilation.GetDiagnostics().Where((found) => found.Severity >= DiagnosticSeverity.Warning && found.Id != "CS1701"))
        {
            string line = found.Location.SourceTree?.GetText().Lines[found.Location.GetLineSpan().StartLinePosition.Line].ToString().Trim() ?? "";
            yield return $"{page.Name}, '{block.FirstLine}': {found.Id} {found.GetMessage(System.Globalization.CultureInfo.InvariantCulture)} at '{line}'";
        }
    }

    /// <summary>The block behind the variables that it is given. Its usings stay in front.</summary>
    private static string Source(SampleBlock block)
    {
        string usings = UsingsOf(block);
        SeparatedSyntaxList<ParameterSyntax> given = SyntaxFactory.ParseParameterList($"({block.GivenVariables})").Parameters;
        string variables = string.Concat(given.Select((variable) => $"{variable.Type} {variable.Identifier} = __Given<{variable.Type}>();\n"));
        string maker = given.Count == 0 ? "" : "static T __Given<T>() => throw new NotSupportedException();\n";
        return $"{usings}{variables}{maker}{block.Code[Math.Max(0, usings.Length - 1)..]}\n";
    }

    private static string UsingsOf(SampleBlock block)
    {
        SyntaxList<UsingDirectiveSyntax> usings = Root(Tree(block.Code)).Usings;
        return usings.Count == 0 ? "" : $"{block.Code[..usings.Span.End]}\n";
    }

    private static IEnumerable<BaseTypeDeclarationSyntax> Types(string code) => Root(Tree(code)).Members.OfType<BaseTypeDeclarationSyntax>();

    private static CompilationUnitSyntax Root(SyntaxTree tree) => (CompilationUnitSyntax)tree.GetRoot();

    private static SyntaxTree Tree(string source) => CSharpSyntaxTree.ParseText(source, s_language);
}
