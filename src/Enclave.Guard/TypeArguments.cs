using Enclave.Guard.Rules;
using Enclave.JavaScript;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Scopes;
using Enclave.JavaScript.Text;

namespace Enclave.Guard;

/// <summary>
/// A text whose only TypeScript are type arguments, such as <c>xs.reduce&lt;number&gt;(…)</c>, is JavaScript as well: two comparisons with a value that does
/// not exist. If the caller has not named the language, the text is read as the language in which its names exist.
/// </summary>
internal static class TypeArguments
{
    /// <summary>The text read as TypeScript; null to keep it as it was read.</summary>
    public static (ParseResult Parsed, ScopeTree Scopes)? Read(string source, ParseResult parsed, ScopeTree scopes, GuardPolicy policy, WorkMeter meter)
    {
        if (parsed.Language == SourceLanguage.TypeScript || !scopes.Free.Any(IsType)) return null;
        ParseResult typed = Parser.Parse(source, policy.Parsing with { Language = SourceLanguage.TypeScript }, meter);
        if (!typed.Success) return null;
        ScopeTree others = ScopeAnalysis.Analyze(typed.Program, meter);
        return others.Free.Any(IsType) ? null : (typed, others);
    }

    private static bool IsType(Reference use) => NameHints.Types.Contains(use.Identifier.Name);
}
