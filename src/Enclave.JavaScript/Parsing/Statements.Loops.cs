using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Loops (ECMA-262 14.7).</summary>
internal static partial class Statements
{
    // 14.7.2 The do-while Statement.
    private static DoWhileStatement ParseDoWhile(ProgramParser p)
    {
        int start = p.Token.Start;
        p.Next();
        Statement body = ParseLoopBody(p);
        p.Expect(TokenType.While);
        Expression test = ParseCondition(p);
        // 12.10.1: a semicolon is inserted here in any case.
        p.Eat(TokenType.Semicolon);
        return new DoWhileStatement(start, p.Token.LastEnd, body, test);
    }

    // 14.7.3 The while Statement.
    private static WhileStatement ParseWhile(ProgramParser p)
    {
        int start = p.Token.Start;
        p.Next();
        Expression test = ParseCondition(p);
        Statement body = ParseLoopBody(p);
        return new WhileStatement(start, p.Token.LastEnd, test, body);
    }

    // 14.7.4 The for Statement, 14.7.5 The for-in, for-of, and for-await-of Statements.
    private static Statement ParseFor(ProgramParser p)
    {
        int start = p.Token.Start;
        p.Next();
        int awaitAt = -1;
        if (p.Allows(SyntaxContext.Await) && p.Is(KnownName.Await))
        {
            awaitAt = p.Token.Start;
            p.Next();
            if (p.State.Function.AwaitAt == 0) p.State.Function.AwaitAt = awaitAt + 1;
        }

        p.Scopes.Open(RegionKind.Block);
        p.Expect(TokenType.LeftParenthesis);
        Statement loop = ParseForHead(p, start, awaitAt);
        p.Scopes.Close();
        return loop;
    }

    private static Statement ParseForHead(ProgramParser p, int start, int awaitAt)
    {
        if (p.Token.Type == TokenType.Semicolon) return ParseForClauses(p, start, awaitAt, null);
        VariableKind? kind = ForDeclaration(p);
        if (kind is null) return ParseForExpression(p, start, awaitAt);
        int declarationStart = p.Token.Start;
        if (kind == VariableKind.AwaitUsing) p.Next();
        p.Next();
        VariableDeclaration declaration = ParseDeclarators(p, declarationStart, kind.Value, DeclarationPlace.ForHead);
        bool isOf = p.Is(KnownName.Of);
        if ((p.Token.Type != TokenType.In && !isOf) || declaration.Declarations.Length != 1) return ParseForClauses(p, start, awaitAt, declaration);
        VariableDeclarator only = declaration.Declarations[0];
        if (!isOf && kind is VariableKind.Using or VariableKind.AwaitUsing && only.Init is null)
            p.EarlyError(p.Token.Start, "A 'using' declaration cannot stand in a for-in loop");
        // Annex B.3.5: in sloppy code, var in a for-in loop may have a value.
        bool mayHaveValue = !isOf && !p.State.Function.Strict && kind == VariableKind.Var && only.Id is Identifier;
        if (only.Init is not null && !mayHaveValue)
            p.EarlyError(declarationStart, $"The variable of a {(isOf ? "for-of" : "for-in")} loop cannot have a value");
        return ParseForEach(p, start, awaitAt, declaration);
    }

    private static VariableKind? ForDeclaration(ProgramParser p)
    {
        if (p.Token.Type == TokenType.Var) return VariableKind.Var;
        if (p.Token.Type == TokenType.Const) return VariableKind.Const;
        if (p.Token.Type != TokenType.Identifier || p.Token.HasEscape) return null;
        return p.Token.Name switch
        {
            KnownName.Let when BeginsLet(p, StatementPlace.List) => VariableKind.Let,
            KnownName.Using when BeginsUsing(p, DeclarationPlace.ForHead) => VariableKind.Using,
            KnownName.Await when BeginsAwaitUsing(p) => VariableKind.AwaitUsing,
            _ => null,
        };
    }

    private static Statement ParseForExpression(ProgramParser p, int start, int awaitAt)
    {
        int from = p.Token.Start;
        bool startsWithLet = p.Is(KnownName.Let);
        bool startsWithAsync = p.Is(KnownName.Async);
        Cover cover = Cover.Nothing;
        Expression init = awaitAt >= 0
            ? LeftHandSides.ParseLeftHandSide(p, ref cover, ForInit.AwaitHead)
            : Expressions.ParseExpressionCover(p, ForInit.Head, ref cover);
        bool isOf = p.Is(KnownName.Of);
        if (p.Token.Type != TokenType.In && !isOf)
        {
            Patterns.CheckExpression(p, in cover);
            return ParseForClauses(p, start, awaitAt, init);
        }

        // 14.7.5: the lookahead of for-of. It makes 'for (async of => …' an arrow function and 'for (let of' an error.
        if (isOf && awaitAt < 0 && startsWithAsync && init is Identifier && init.Start == from && init.End == p.Token.LastEnd) p.Unexpected("'=>'");
        if (isOf && startsWithLet) p.EarlyError(from, "The target of a for-of loop cannot begin with 'let'");
        Node target = Patterns.ToAssignable(p, init, ref cover);
        Patterns.CheckPattern(p, target, DeclarationKind.None);
        return ParseForEach(p, start, awaitAt, target);
    }

    private static ForStatement ParseForClauses(ProgramParser p, int start, int awaitAt, Node? init)
    {
        if (awaitAt >= 0 && !p.Failed) p.Fail(ParseErrorCode.Syntax, awaitAt, "Only a for-of loop can await");
        p.Expect(TokenType.Semicolon);
        Expression? test = p.Token.Type == TokenType.Semicolon ? null : Expressions.ParseExpression(p);
        p.Expect(TokenType.Semicolon);
        Expression? update = p.Token.Type == TokenType.RightParenthesis ? null : Expressions.ParseExpression(p);
        p.Expect(TokenType.RightParenthesis);
        Statement body = ParseLoopBody(p);
        return new ForStatement(start, p.Token.LastEnd, init, test, update, body);
    }

    private static Statement ParseForEach(ProgramParser p, int start, int awaitAt, Node left)
    {
        bool isIn = p.Token.Type == TokenType.In;
        if (isIn && awaitAt >= 0) p.Fail(ParseErrorCode.Syntax, awaitAt, "Only a for-of loop can await");
        p.Next();
        Expression right = isIn ? Expressions.ParseExpression(p) : Expressions.ParseAssignment(p);
        p.Expect(TokenType.RightParenthesis);
        Statement body = ParseLoopBody(p);
        return isIn
            ? new ForInStatement(start, p.Token.LastEnd, left, right, body)
            : new ForOfStatement(start, p.Token.LastEnd, awaitAt >= 0, left, right, body);
    }
}
