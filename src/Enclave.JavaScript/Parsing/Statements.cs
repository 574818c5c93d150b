using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Statements (ECMA-262 14), distinguished by their first token.</summary>
internal static partial class Statements
{
    public static Statement ParseStatement(ProgramParser p, StatementPlace place)
    {
        if (!p.Enter()) return Placeholder.MissingStatement;
        Statement statement = ParseStatementInside(p, place);
        p.Leave();
        return statement;
    }

    private static Statement ParseStatementInside(ProgramParser p, StatementPlace place)
    {
        switch (p.Token.Type)
        {
            case TokenType.Identifier: return ParseWordStatement(p, place);
            case TokenType.LeftBrace: return ParseBlock(p);
            case TokenType.Var: return ParseVariableStatement(p, VariableKind.Var);
            case TokenType.If: return ParseIf(p);
            case TokenType.Return: return ParseReturn(p);
            case TokenType.For: return ParseFor(p);
            case TokenType.Const when p.IsTyped && p.IsWordAt(p.PeekToken(p.Token.Position, out _), "enum"): return Enums.ParseEnum(p, place);
            case TokenType.Const: return ParseLexicalDeclaration(p, VariableKind.Const, place);
            case TokenType.Function: return Functions.ParseFunctionStatement(p, p.Token.Start, place, FunctionForm.Plain);
            case TokenType.Class: return Classes.ParseClassStatement(p, place);
            case TokenType.Semicolon: return ParseEmptyStatement(p);
            case TokenType.While: return ParseWhile(p);
            case TokenType.Do: return ParseDoWhile(p);
            case TokenType.Switch: return ParseSwitch(p);
            case TokenType.Break: return ParseBreak(p);
            case TokenType.Continue: return ParseContinue(p);
            case TokenType.Throw: return ParseThrow(p);
            case TokenType.Try: return ParseTry(p);
            case TokenType.With: return ParseWith(p);
            case TokenType.Debugger: return ParseDebugger(p);
            case TokenType.Import: return Modules.ParseImportStatement(p, place);
            case TokenType.Export: return Modules.ParseExportStatement(p, place);
            case TokenType.Enum when p.IsTyped: return Enums.ParseEnum(p, place);
            default: return ParseExpressionStatement(p);
        }
    }

    // Names that may begin more than an expression: let, async function, using, await using, labels.
    private static Statement ParseWordStatement(ProgramParser p, StatementPlace place)
    {
        if (p.IsTyped && TypedStatements.ParseTypedStatement(p, place) is { } typed) return typed;
        if (p.Token.Name <= KnownName.LastStrictReserved && !p.Token.HasEscape)
        {
            switch (p.Token.Name)
            {
                case KnownName.Let when BeginsLet(p, place): return ParseLexicalDeclaration(p, VariableKind.Let, place);
                case KnownName.Async when BeginsAsyncFunction(p):
                    int start = p.Token.Start;
                    if (place > StatementPlace.List) p.EarlyError(p.Token.Start, "An async function cannot be declared here; put it into a block");
                    p.Next();
                    return Functions.ParseFunctionStatement(p, start, place, FunctionForm.Async);
                case KnownName.Using when BeginsUsing(p, DeclarationPlace.Statement): return ParseUsing(p, VariableKind.Using, place);
                case KnownName.Await when BeginsAwaitUsing(p): return ParseUsing(p, VariableKind.AwaitUsing, place);
            }
        }

        int from = p.Token.Start;
        Expression expression = Expressions.ParseExpression(p);
        // 14.13: a name alone and a colon.
        if (p.Token.Type == TokenType.Colon && expression is Identifier label
            && label.Start == from && label.End == p.Token.LastEnd && p.State.ErasedAt != p.Token.Start)
            return ParseLabelled(p, label, place);
        p.Semicolon();
        return new ExpressionStatement(from, p.Token.LastEnd, expression, null);
    }

    public static ExpressionStatement ParseExpressionStatement(ProgramParser p)
    {
        int start = p.Token.Start;
        Expression expression = Expressions.ParseExpression(p);
        p.Semicolon();
        return new ExpressionStatement(start, p.Token.LastEnd, expression, null);
    }

    public static bool OpensList(ProgramParser p, StatementPlace place, string what)
    {
        if (place <= StatementPlace.List) return true;
        p.EarlyError(p.Token.Start, $"{what} cannot be declared here; put it into a block");
        return false;
    }

    // 14.2 Block.
    private static BlockStatement ParseBlock(ProgramParser p)
    {
        int start = p.Token.Start;
        p.Expect(TokenType.LeftBrace);
        p.Scopes.Open(RegionKind.Block);
        ImmutableArray<Statement> body = ParseStatementsToBrace(p);
        p.Scopes.Close();
        return new BlockStatement(start, p.Token.LastEnd, body);
    }

    /// <summary>Reads statements and the closing brace.</summary>
    public static ImmutableArray<Statement> ParseStatementsToBrace(ProgramParser p)
    {
        int mark = p.Nodes.Count;
        while (p.Token.Type != TokenType.RightBrace && !p.Failed)
        {
            if (p.Token.Type == TokenType.End) p.Unexpected("'}'");
            else p.PushStatement(ParseStatement(p, StatementPlace.List));
        }

        ImmutableArray<Statement> body = p.Nodes.Take<Statement>(mark);
        p.Next();
        return body;
    }

    // 14.4 Empty Statement.
    private static EmptyStatement ParseEmptyStatement(ProgramParser p)
    {
        int start = p.Token.Start;
        p.Next();
        return new EmptyStatement(start, p.Token.LastEnd);
    }

    // 14.6 The if Statement.
    private static IfStatement ParseIf(ProgramParser p)
    {
        int start = p.Token.Start;
        p.Next();
        Expression test = ParseCondition(p);
        Statement consequent = ParseBranch(p);
        Statement? alternate = p.Eat(TokenType.Else) ? ParseBranch(p) : null;
        return new IfStatement(start, p.Token.LastEnd, test, consequent, alternate);
    }

    private static Statement ParseBranch(ProgramParser p)
    {
        if (p.Token.Type != TokenType.Function || p.State.Function.Strict) return ParseStatement(p, StatementPlace.Branch);
        // Annex B.3.3: as if the function stood in a block of its own.
        p.Scopes.Open(RegionKind.Block);
        Statement statement = ParseStatement(p, StatementPlace.Branch);
        p.Scopes.Close();
        return statement;
    }

    private static Expression ParseCondition(ProgramParser p)
    {
        p.Expect(TokenType.LeftParenthesis);
        Expression condition = Expressions.ParseExpression(p);
        p.Expect(TokenType.RightParenthesis);
        return condition;
    }

    // 14.10 The return Statement.
    private static ReturnStatement ParseReturn(ProgramParser p)
    {
        int start = p.Token.Start;
        if (!p.Allows(SyntaxContext.Return)) p.EarlyError(p.Token.Start, "'return' stands outside of a function");
        p.Next();
        Expression? argument = null;
        if (p.Token.Type != TokenType.Semicolon && !p.CanEndStatement) argument = Expressions.ParseExpression(p);
        p.Semicolon();
        return new ReturnStatement(start, p.Token.LastEnd, argument);
    }

    // 14.11 The with Statement.
    private static WithStatement ParseWith(ProgramParser p)
    {
        int start = p.Token.Start;
        if (p.State.Function.Strict) p.EarlyError(p.Token.Start, "'with' cannot be used in strict code");
        p.Next();
        Expression scope = ParseCondition(p);
        Statement body = ParseStatement(p, StatementPlace.Body);
        return new WithStatement(start, p.Token.LastEnd, scope, body);
    }

    // 14.14 The throw Statement.
    private static ThrowStatement ParseThrow(ProgramParser p)
    {
        int start = p.Token.Start;
        p.Next();
        if (p.Token.NewlineBefore) p.Fail(ParseErrorCode.Syntax, p.Token.LastEnd, "The thrown value has to begin on the line of 'throw'");
        Expression argument = Expressions.ParseExpression(p);
        p.Semicolon();
        return new ThrowStatement(start, p.Token.LastEnd, argument);
    }

    // 14.15 The try Statement.
    private static TryStatement ParseTry(ProgramParser p)
    {
        int start = p.Token.Start;
        p.Next();
        BlockStatement block = ParseBlock(p);
        CatchClause? handler = p.Token.Type == TokenType.Catch ? ParseCatch(p) : null;
        BlockStatement? finalizer = p.Eat(TokenType.Finally) ? ParseBlock(p) : null;
        if (handler is null && finalizer is null && !p.Failed) p.Fail(ParseErrorCode.Syntax, start, "'try' needs a 'catch' or a 'finally'");
        return new TryStatement(start, p.Token.LastEnd, block, handler, finalizer);
    }

    private static CatchClause ParseCatch(ProgramParser p)
    {
        int start = p.Token.Start;
        p.Next();
        p.Scopes.Open(RegionKind.Block);
        Node? param = null;
        if (p.Eat(TokenType.LeftParenthesis))
        {
            param = Patterns.ParseBindingTarget(p);
            if (p.IsTyped) Types.SkipAnnotation(p);
            Patterns.CheckPattern(p, param, param is Identifier ? DeclarationKind.SimpleCatch : DeclarationKind.Lexical);
            p.Expect(TokenType.RightParenthesis);
        }

        int body = p.Token.Start;
        p.Expect(TokenType.LeftBrace);
        ImmutableArray<Statement> statements = ParseStatementsToBrace(p);
        p.Scopes.Close();
        return new CatchClause(start, p.Token.LastEnd, param, new BlockStatement(body, p.Token.LastEnd, statements));
    }

    // 14.16 The debugger Statement.
    private static DebuggerStatement ParseDebugger(ProgramParser p)
    {
        int start = p.Token.Start;
        p.Next();
        p.Semicolon();
        return new DebuggerStatement(start, p.Token.LastEnd);
    }
}
