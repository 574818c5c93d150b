using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Directive prologues (ECMA-262 11.2.1).</summary>
internal sealed partial class ProgramParser
{

    /// <summary>Reads the directives at the start of a body, and switches to strict code if one says so.</summary>
    private void ParseDirectives()
    {
        State.LegacyAt = -1;
        State.HasStrictDirective = false;
        while (Token.Type == TokenType.String)
        {
            int start = Token.Start;
            int end = Token.End;
            Statement statement = ParseStatement(StatementPlace.List);
            // The string is not a directive if it is part of a longer expression.
            if (statement is not ExpressionStatement { Expression: StringLiteral literal } || literal.Start != start || literal.End != end)
            {
                PushStatement(statement);
                return;
            }

            string text = Source.Substring(start + 1, end - start - 2);
            Nodes.Push(new ExpressionStatement(start, statement.End, literal, text));
            if (text != "use strict") continue;
            State.Function.Strict = State.HasStrictDirective = true;
            if (State.LegacyAt >= 0) Fail(ParseErrorCode.EarlyError, State.LegacyAt, "An octal escape cannot stand in strict code");
        }
    }
}
