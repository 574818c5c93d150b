using Enclave.JavaScript;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Rules;

/// <summary>Turns a parse error into an issue.</summary>
internal static class ParseIssue
{
    /// <summary>The code of a text that is not a program.</summary>
    public const string Code = "PARSE_ERROR";

    public static GuardIssue Of(ParseError error, string source)
    {
        SourcePosition at = error.Position;
        return new GuardIssue(
            "parser", error.Code == ParseErrorCode.NotErasable ? "TYPESCRIPT_NOT_ERASABLE" : Code, error.Message, IssueSeverity.Error)
        {
            Location = new SourceLocation(error.Offset, 0, at.Line, at.Column, at.Line, at.Column),
            Hint = HintFor(error, source),
            Data = ImmutableDictionary<string, object>.Empty.Add("kind", error.Code.ToString()),
        };
    }

    private static string? HintFor(ParseError error, string source)
    {
        int offset = Math.Min(error.Offset, source.Length);
        ReadOnlySpan<char> rest = source.AsSpan(offset);
        if (error.Code is ParseErrorCode.TooDeep) return "Give parts of the expression a name, and nest less.";
        if (error.Code is ParseErrorCode.TooLong) return "Pass large data as an argument or through a tool.";
        if (ForeignText.For(source) is { } foreign) return foreign;
        if (rest.StartsWith("import")) return ModuleHints.For(rest);
        if (rest.StartsWith("export")) return "There are no modules: end the script with return value.";
        if (rest.StartsWith("```")) return "Leave out the fence of the code block; --from-model and ModelText.ExtractProgram do so.";
        if (error.Message.StartsWith("'await' can", StringComparison.Ordinal) && SyntaxHints.For(error, source, offset) is { } name) return name;
        if (rest.StartsWith("await")) return "Make the function around it async: async (x) => { … }.";
        return SyntaxHints.For(error, source, offset) ?? SyntaxHints.OfWords(error, source, offset, least: 2) ?? LanguageHints.For(source, offset)
            ?? SyntaxHints.OfWords(error, source, offset)
            ?? (offset >= source.Length ? "The script ends too early: look for a bracket, brace or quote that is not closed." : null);
    }
}
