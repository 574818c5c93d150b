using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Statements (ECMA-262 14), told apart by their first token.</summary>
internal sealed partial class ProgramParser
{
    /// <summary>The position of a statement, which decides if it may be a declaration.</summary>
    private enum StatementPlace : byte
    {
        /// <summary>In the list of a module or script: import and export too.</summary>
        Top,

        /// <summary>In a list: any declaration.</summary>
        List,

        /// <summary>The branch of an if: in sloppy code a plain function too (Annex B.3.3).</summary>
        Branch,

        /// <summary>Labelled, in a list: in sloppy code a plain function too (14.13.1).</summary>
        Labelled,

        /// <summary>The body of a loop or of with, and labelled statements there or in a branch: no declaration.</summary>
        Body,
    }

    private Statement ParseStatement(StatementPlace place)
    {
        if (!Enter()) return s_missingStatement;
        Statement statement = ParseStatementInside(place);
        Leave();
        return statement;
    }

    private Statement ParseStatementInside(StatementPlace place)
    {
        switch (Token.Type)
        {
            case TokenType.Identifier: return ParseWordStatement(place);
            case TokenType.LeftBrace: return ParseBlock();
            case TokenType.Var: return ParseVariableStatement(VariableKind.Var);
            case TokenType.If: return ParseIf();
            case TokenType.Return: return ParseReturn();
            case TokenType.For: return ParseFor();
            case TokenType.Const when IsTyped && IsWordAt(PeekToken(Token.Position, out _), "enum"): return ParseEnum(place);
            case TokenType.Const: return ParseLexicalDeclaration(VariableKind.Const, place);
            case TokenType.Function: return ParseFunctionStatement(Token.Start, place, FunctionForm.Plain);
            case TokenType.Class: return ParseClassStatement(place);
            case TokenType.Semicolon: return ParseEmptyStatement();
            case TokenType.While: return ParseWhile();
            case TokenType.Do: return ParseDoWhile();
            case TokenType.Switch: return ParseSwitch();
            case TokenType.Break: return ParseBreak();
            case TokenType.Continue: return ParseContinue();
            case TokenType.Throw: return ParseThrow();
            case TokenType.Try: return ParseTry();
            case TokenType.With: return ParseWith();
            case TokenType.Debugger: return ParseDebugger();
            case TokenType.Import: return ParseImportStatement(place);
            case TokenType.Export: return ParseExportStatement(place);
            case TokenType.Enum when IsTyped: return ParseEnum(place);
            default: return ParseExpressionStatement();
        }
    }

    // Names that may begin more than an expression: let, async function, using, await using, labels.
    private Statement ParseWordStatement(StatementPlace place)
    {
        if (IsTyped && ParseTypedStatement(place) is { } typed) return typed;
        if (Token.Name <= KnownName.LastStrictReserved && !Token.HasEscape)
        {
            switch (Token.Name)
            {
                case KnownName.Let when BeginsLet(place): return ParseLexicalDeclaration(VariableKind.Let, place);
                case KnownName.Async when BeginsAsyncFunction():
                    int start = Token.Start;
                    if (place > StatementPlace.List) EarlyError(Token.Start, "An async function cannot be declared here; put it into a block");
                    Next();
                    return ParseFunctionStatement(start, place, FunctionForm.Async);
                case KnownName.Using when BeginsUsing(DeclarationPlace.Statement): return ParseUsing(VariableKind.Using, place);
                case KnownName.Await when BeginsAwaitUsing(): return ParseUsing(VariableKind.AwaitUsing, place);
            }
        }

        int from = Token.Start;
        Expression expression = ParseExpression();
        // 14.13: a name alone and a colon.
        if (Token.Type == TokenType.Colon && expression is Identifier label
            && label.Start == from && label.End == Token.LastEnd && State.ErasedAt != Token.Start)
            return ParseLabelled(label, place);
        Semicolon();
        return new ExpressionStatement(from, Token.LastEnd, expression, null);
    }

    private ExpressionStatement ParseExpressionStatement()
    {
        int start = Token.Start;
        Expression expression = ParseExpression();
        Semicolon();
        return new ExpressionStatement(start, Token.LastEnd, expression, null);
    }

    private bool OpensList(StatementPlace place, string what)
    {
        if (place <= StatementPlace.List) return true;
        EarlyError(Token.Start, $"{what} cannot be declared here; put it into a block");
        return false;
    }

    // 14.2 Block.
    private BlockStatement ParseBlock()
    {
        int start = Token.Start;
        Expect(TokenType.LeftBrace);
        Scopes.Open(RegionKind.Block);
        ImmutableArray<Statement> body = ParseStatementsToBrace();
        Scopes.Close();
        return new BlockStatement(start, Token.LastEnd, body);
    }

    /// <summary>Reads statements and the closing brace.</summary>
    private ImmutableArray<Statement> ParseStatementsToBrace()
    {
        int mark = Nodes.Count;
        while (Token.Type != TokenType.RightBrace && !Failed)
        {
            if (Token.Type == TokenType.End) Unexpected("'}'");
            else PushStatement(ParseStatement(StatementPlace.List));
        }

        ImmutableArray<Statement> body = Nodes.Take<Statement>(mark);
        Next();
        return body;
    }

    // 14.4 Empty Statement.
    private EmptyStatement ParseEmptyStatement()
    {
        int start = Token.Start;
        Next();
        return new EmptyStatement(start, Token.LastEnd);
    }

    // 14.6 The if Statement.
    private IfStatement ParseIf()
    {
        int start = Token.Start;
        Next();
        Expression test = ParseCondition();
        Statement consequent = ParseBranch();
        Statement? alternate = Eat(TokenType.Else) ? ParseBranch() : null;
        return new IfStatement(start, Token.LastEnd, test, consequent, alternate);
    }

    private Statement ParseBranch()
    {
        if (Token.Type != TokenType.Function || State.Function.Strict) return ParseStatement(StatementPlace.Branch);
        // Annex B.3.3: as if the function stood in a block of its own.
        Scopes.Open(RegionKind.Block);
        Statement statement = ParseStatement(StatementPlace.Branch);
        Scopes.Close();
        return statement;
    }

    private Expression ParseCondition()
    {
        Expect(TokenType.LeftParenthesis);
        Expression condition = ParseExpression();
        Expect(TokenType.RightParenthesis);
        return condition;
    }

    // 14.10 The return Statement.
    private ReturnStatement ParseReturn()
    {
        int start = Token.Start;
        if (!Allows(SyntaxContext.Return)) EarlyError(Token.Start, "'return' stands outside of a function");
        Next();
        Expression? argument = null;
        if (Token.Type != TokenType.Semicolon && !CanEndStatement) argument = ParseExpression();
        Semicolon();
        return new ReturnStatement(start, Token.LastEnd, argument);
    }

    // 14.11 The with Statement.
    private WithStatement ParseWith()
    {
        int start = Token.Start;
        if (State.Function.Strict) EarlyError(Token.Start, "'with' cannot be used in strict code");
        Next();
        Expression scope = ParseCondition();
        Statement body = ParseStatement(StatementPlace.Body);
        return new WithStatement(start, Token.LastEnd, scope, body);
    }

    // 14.14 The throw Statement.
    private ThrowStatement ParseThrow()
    {
        int start = Token.Start;
        Next();
        if (Token.NewlineBefore) Fail(ParseErrorCode.Syntax, Token.LastEnd, "The thrown value has to begin on the line of 'throw'");
        Expression argument = ParseExpression();
        Semicolon();
        return new ThrowStatement(start, Token.LastEnd, argument);
    }

    // 14.15 The try Statement.
    private TryStatement ParseTry()
    {
        int start = Token.Start;
        Next();
        BlockStatement block = ParseBlock();
        CatchClause? handler = Token.Type == TokenType.Catch ? ParseCatch() : null;
        BlockStatement? finalizer = Eat(TokenType.Finally) ? ParseBlock() : null;
        if (handler is null && finalizer is null && !Failed) Fail(ParseErrorCode.Syntax, start, "'try' needs a 'catch' or a 'finally'");
        return new TryStatement(start, Token.LastEnd, block, handler, finalizer);
    }

    private CatchClause ParseCatch()
    {
        int start = Token.Start;
        Next();
        Scopes.Open(RegionKind.Block);
        Node? param = null;
        if (Eat(TokenType.LeftParenthesis))
        {
            param = ParseBindingTarget();
            if (IsTyped) SkipAnnotation();
            CheckPattern(param, param is Identifier ? DeclarationKind.SimpleCatch : DeclarationKind.Lexical);
            Expect(TokenType.RightParenthesis);
        }

        int body = Token.Start;
        Expect(TokenType.LeftBrace);
        ImmutableArray<Statement> statements = ParseStatementsToBrace();
        Scopes.Close();
        return new CatchClause(start, Token.LastEnd, param, new BlockStatement(body, Token.LastEnd, statements));
    }

    // 14.16 The debugger Statement.
    private DebuggerStatement ParseDebugger()
    {
        int start = Token.Start;
        Next();
        Semicolon();
        return new DebuggerStatement(start, Token.LastEnd);
    }
}
