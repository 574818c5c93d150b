using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Scopes;

namespace Enclave.JavaScript.Tests.Scopes;

/// <summary>The bindings of a program's references, as text.</summary>
internal static class Resolution
{
    public static ScopeTree Analyze(string source, SourceGoal goal = SourceGoal.Script)
    {
        ParseResult result = Parser.Parse(source, new ParserOptions { Goal = goal, Edition = LanguageEdition.Latest });
        Assert.True(result.Success, result.Error?.Show(source));
        return ScopeAnalysis.Analyze(result.Program);
    }

    /// <summary>
    /// For each reference its name and offset, and after the arrow the offsets of its declarations: none for globals, empty for implicit bindings.
    /// </summary>
    public static string Of(ScopeTree tree) => string.Join(' ', tree.References.OrderBy((reference) => reference.Identifier.Start).Select(Of));

    private static string Of(Reference reference)
    {
        string target = reference.Binding is { } binding ? ">" + string.Join(',', binding.Declarations.Select((identifier) => identifier.Start)) : "";
        return $"{reference.Identifier.Name}{reference.Identifier.Start}{target}";
    }
}
