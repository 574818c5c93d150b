using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Directive prologues (ECMA-262 11.2.1).</summary>
internal sealed partial class ProgramParser
{
    private bool _hasStrictDirective;

    /// <summary>Reads the directives at the start of a body, and switches to strict code if one says so.</summary>
    private void ParseDirectives()
    {
        _legacyAt = -1;
        _hasStrictDirective = false;
        while (Type == TokenType.String)
        {
            int start = Start;
            int end = End;
            Statement statement = ParseStatement(StatementPlace.List);
            // The string is not a directive if it is part of a longer expression.
            if (statement is not ExpressionStatement { Expression: StringLiteral literal } || literal.Start != start || literal.End != end)
            {
                PushStatement(statement);
                return;
            }

            string text = Source.Substring(start + 1, end - start - 2);
            Push(new ExpressionStatement(start, statement.End, literal, text));
            if (text != "use strict") continue;
            _strict = _hasStrictDirective = true;
            if (_legacyAt >= 0) Fail(ParseErrorCode.EarlyError, _legacyAt, "An octal escape cannot stand in strict code");
        }
    }
}
