using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Directive prologues (ECMA-262 11.2.1).</summary>
internal static partial class Statements
{
    /// <summary>Reads the directives at the start of a body, and switches to strict code if one says so.</summary>
    public static void ParseDirectives(ProgramParser p)
    {
        p.State.LegacyAt = -1;
        p.State.HasStrictDirective = false;
        while (p.Token.Type == TokenType.String)
        {
            int start = p.Token.Start;
            int end = p.Token.End;
            Statement statement = ParseStatement(p, StatementPlace.List);
            // The string is not a directive if it is part of a longer expression.
            if (statement is not ExpressionStatement { Expression: StringLiteral literal } || literal.Start != start || literal.End != end)
            {
                p.PushStatement(statement);
                return;
            }

            string text = p.Source.Substring(start + 1, end - start - 2);
            p.Nodes.Push(new ExpressionStatement(start, statement.End, literal, text));
            if (text != "use strict") continue;
            p.State.Function.Strict = p.State.HasStrictDirective = true;
            if (p.State.LegacyAt >= 0) p.Fail(ParseErrorCode.EarlyError, p.State.LegacyAt, "An octal escape cannot stand in strict code");
        }
    }
}
