using Enclave.JavaScript;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Answers;

/// <summary>
/// Exports and imports of types: <c>export interface Row { … }</c>, <c>import type { Row } from './row'</c>. They make a text a module, and have no code that
/// runs.
/// </summary>
internal static class TypeExports
{
    /// <summary>The ranges of a text that have to go so that it is a script.</summary>
    public static IEnumerable<(int Start, int End)> In(string text, Program program, ParserOptions options, WorkMeter meter)
    {
        if (!text.Contains("type", StringComparison.Ordinal) && !text.Contains("interface", StringComparison.Ordinal)) yield break;
        options = options with { Language = SourceLanguage.TypeScript, Goal = SourceGoal.Module, Keep = Keep.Tokens };
        if (Parser.Parse(text, options, meter) is not { Success: true, Tokens: var tokens }) yield break;
        int statement = 0;
        for (int i = 0; i < tokens.Length; i++)
        {
            Token token = tokens[i];
            while (statement < program.Body.Length && program.Body[statement].End <= token.Start) statement++;
            bool isErased = statement == program.Body.Length || token.Start < program.Body[statement].Start;
            if (!isErased || token.Type != TokenType.Identifier && token.End - token.Start is not 6) continue;
            ReadOnlySpan<char> word = text.AsSpan(token.Start, token.End - token.Start);
            if (word is "import" || (word is "export" && IsList(tokens, i)))
            {
                int end = i;
                while (end < tokens.Length - 1 && tokens[end].Type is not (TokenType.String or TokenType.RightBrace)) end++;
                // A list may be followed by "from" and the name of a module.
                while (end < tokens.Length - 2 && tokens[end].Type != TokenType.String && text.AsSpan(tokens[end + 1].Start).StartsWith("from")) end += 2;
                yield return (token.Start, tokens[end].End);
                i = end;
            }
            else if (word is "export")
            {
                yield return (token.Start, token.End);
            }
        }
    }

    /// <summary>True for <c>export type { A }</c> and <c>export type *</c>.</summary>
    private static bool IsList(System.Collections.Immutable.ImmutableArray<Token> tokens, int at) =>
        at + 2 < tokens.Length && tokens[at + 2].Type is TokenType.LeftBrace or TokenType.Star;
}
