using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Loops (ECMA-262 14.7).</summary>
internal sealed partial class ProgramParser
{
    // 14.7.2 The do-while Statement.
    private DoWhileStatement ParseDoWhile()
    {
        int start = Token.Start;
        Next();
        Statement body = ParseLoopBody();
        Expect(TokenType.While);
        Expression test = ParseCondition();
        // 12.10.1: a semicolon is inserted here in any case.
        Eat(TokenType.Semicolon);
        return new DoWhileStatement(start, Token.LastEnd, body, test);
    }

    // 14.7.3 The while Statement.
    private WhileStatement ParseWhile()
    {
        int start = Token.Start;
        Next();
        Expression test = ParseCondition();
        Statement body = ParseLoopBody();
        return new WhileStatement(start, Token.LastEnd, test, body);
    }

    // 14.7.4 The for Statement, 14.7.5 The for-in, for-of, and for-await-of Statements.
    private Statement ParseFor()
    {
        int start = Token.Start;
        Next();
        int awaitAt = -1;
        if (Allows(SyntaxContext.Await) && Is(KnownName.Await))
        {
            awaitAt = Token.Start;
            Next();
            if (State.Function.AwaitAt == 0) State.Function.AwaitAt = awaitAt + 1;
        }

        Scopes.Open(RegionKind.Block);
        Expect(TokenType.LeftParenthesis);
        Statement loop = ParseForHead(start, awaitAt);
        Scopes.Close();
        return loop;
    }

    private Statement ParseForHead(int start, int awaitAt)
    {
        if (Token.Type == TokenType.Semicolon) return ParseForClauses(start, awaitAt, null);
        VariableKind? kind = ForDeclaration();
        if (kind is null) return ParseForExpression(start, awaitAt);
        int declarationStart = Token.Start;
        if (kind == VariableKind.AwaitUsing) Next();
        Next();
        VariableDeclaration declaration = ParseDeclarators(declarationStart, kind.Value, DeclarationPlace.ForHead);
        bool isOf = Is(KnownName.Of);
        if ((Token.Type != TokenType.In && !isOf) || declaration.Declarations.Length != 1) return ParseForClauses(start, awaitAt, declaration);
        VariableDeclarator only = declaration.Declarations[0];
        if (!isOf && kind is VariableKind.Using or VariableKind.AwaitUsing && only.Init is null)
            EarlyError(Token.Start, "A 'using' declaration cannot stand in a for-in loop");
        // Annex B.3.5: in sloppy code, var in a for-in loop may have a value.
        bool mayHaveValue = !isOf && !State.Function.Strict && kind == VariableKind.Var && only.Id is Identifier;
        if (only.Init is not null && !mayHaveValue) EarlyError(declarationStart, $"The variable of a {(isOf ? "for-of" : "for-in")} loop cannot have a value");
        return ParseForEach(start, awaitAt, declaration);
    }

    private VariableKind? ForDeclaration()
    {
        if (Token.Type == TokenType.Var) return VariableKind.Var;
        if (Token.Type == TokenType.Const) return VariableKind.Const;
        if (Token.Type != TokenType.Identifier || Token.HasEscape) return null;
        return Token.Name switch
        {
            KnownName.Let when BeginsLet(StatementPlace.List) => VariableKind.Let,
            KnownName.Using when BeginsUsing(DeclarationPlace.ForHead) => VariableKind.Using,
            KnownName.Await when BeginsAwaitUsing() => VariableKind.AwaitUsing,
            _ => null,
        };
    }

    private Statement ParseForExpression(int start, int awaitAt)
    {
        int from = Token.Start;
        bool startsWithLet = Is(KnownName.Let);
        bool startsWithAsync = Is(KnownName.Async);
        Cover cover = Cover.Nothing;
        Expression init = awaitAt >= 0 ? ParseLeftHandSide(ref cover, ForInit.AwaitHead) : ParseExpressionCover(ForInit.Head, ref cover);
        bool isOf = Is(KnownName.Of);
        if (Token.Type != TokenType.In && !isOf)
        {
            CheckExpression(in cover);
            return ParseForClauses(start, awaitAt, init);
        }

        // 14.7.5: the lookahead of for-of. It makes 'for (async of => …' an arrow function and 'for (let of' an error.
        if (isOf && awaitAt < 0 && startsWithAsync && init is Identifier && init.Start == from && init.End == Token.LastEnd) Unexpected("'=>'");
        if (isOf && startsWithLet) EarlyError(from, "The target of a for-of loop cannot begin with 'let'");
        Node target = ToAssignable(init, ref cover);
        CheckPattern(target, DeclarationKind.None);
        return ParseForEach(start, awaitAt, target);
    }

    private ForStatement ParseForClauses(int start, int awaitAt, Node? init)
    {
        if (awaitAt >= 0 && !Failed) Fail(ParseErrorCode.Syntax, awaitAt, "Only a for-of loop can await");
        Expect(TokenType.Semicolon);
        Expression? test = Token.Type == TokenType.Semicolon ? null : ParseExpression();
        Expect(TokenType.Semicolon);
        Expression? update = Token.Type == TokenType.RightParenthesis ? null : ParseExpression();
        Expect(TokenType.RightParenthesis);
        Statement body = ParseLoopBody();
        return new ForStatement(start, Token.LastEnd, init, test, update, body);
    }

    private Statement ParseForEach(int start, int awaitAt, Node left)
    {
        bool isIn = Token.Type == TokenType.In;
        if (isIn && awaitAt >= 0) Fail(ParseErrorCode.Syntax, awaitAt, "Only a for-of loop can await");
        Next();
        Expression right = isIn ? ParseExpression() : ParseAssignment();
        Expect(TokenType.RightParenthesis);
        Statement body = ParseLoopBody();
        return isIn ? new ForInStatement(start, Token.LastEnd, left, right, body) : new ForOfStatement(start, Token.LastEnd, awaitAt >= 0, left, right, body);
    }
}
