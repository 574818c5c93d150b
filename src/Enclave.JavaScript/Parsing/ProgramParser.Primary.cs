using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Primary expressions (ECMA-262 13.2), and super and import as heads of accesses and calls (13.3.7, 13.3.10, 13.3.12).</summary>
internal sealed partial class ProgramParser
{
    private enum TemplateUse : byte
    {
        Plain,

        /// <summary>A malformed escape is allowed: the tag function receives undefined (13.2.8.1).</summary>
        Tagged,
    }

    private Expression ParsePrimary(ref Cover cover, ForInit init)
    {
        switch (Token.Type)
        {
            case TokenType.Identifier: return ParseNameOrArrow(init);
            case TokenType.String: return ParseString();
            case TokenType.Number: return ParseNumber();
            case TokenType.LeftParenthesis: return ParseParenthesis(ref cover, init);
            case TokenType.LeftBrace: return ParseObject(ref cover);
            case TokenType.LeftBracket: return ParseArray(ref cover);
            case TokenType.Function: return ParseFunctionExpression(Token.Start, FunctionForm.Plain);
            case TokenType.Template: return ParseTemplate(TemplateUse.Plain);
            case TokenType.New: return ParseNew();
            case TokenType.Class: return ParseClassExpression();
            case TokenType.Slash or TokenType.SlashAssign: return ParseRegExp();
            case TokenType.Super: return ParseSuper();
            case TokenType.Import: return ParseImportExpression();
        }

        int start = Token.Start;
        TokenType type = Token.Type;
        switch (type)
        {
            case TokenType.This:
                if (Allows(SyntaxContext.Enum)) EarlyError(start, "'this' cannot be used in the values of an enum");
                Next();
                return new ThisExpression(start, Token.LastEnd);
            case TokenType.Null:
                Next();
                return new NullLiteral(start, Token.LastEnd);
            case TokenType.True or TokenType.False:
                Next();
                return new BooleanLiteral(start, Token.LastEnd, type == TokenType.True);
            case TokenType.BigInt:
                string digits = Token.StringValue;
                Next();
                return new BigIntLiteral(start, Token.LastEnd, digits);
            default:
                Unexpected();
                return s_missing;
        }
    }

    // A name, an async function, or the single parameter of an arrow function.
    private Expression ParseNameOrArrow(ForInit init)
    {
        int start = Token.Start;
        bool mayBeArrow = State.ArrowAt == start;
        bool isAsync = Token.Name == KnownName.Async && !Token.HasEscape;
        Identifier name = ParseIdentifier();
        if (Token.Type == TokenType.Arrow && mayBeArrow && !Token.NewlineBefore)
        {
            Next();
            return ParseArrow(start, [name], FunctionForm.Plain, init);
        }

        if (!isAsync || Token.NewlineBefore) return name;
        if (Token.Type == TokenType.Function) return ParseFunctionExpression(start, FunctionForm.Async);
        // 14.7.5: 'for await (async of' is a loop over a variable named async.
        bool isLoop = State.ArrowInit == ForInit.AwaitHead && Is(KnownName.Of);
        if (!mayBeArrow || Token.Type != TokenType.Identifier || isLoop) return name;
        if (Token.Name == KnownName.Await) EarlyError(Token.Start, "'await' cannot be a name in the parameters of an async function");
        Identifier parameter = ParseIdentifier();
        if (Token.NewlineBefore || Token.Type != TokenType.Arrow)
        {
            Unexpected("'=>'");
            return name;
        }

        Next();
        return ParseArrow(start, [parameter], FunctionForm.Async, init);
    }

    // 13.2.3 Literals.
    private StringLiteral ParseString()
    {
        if (Token.Type != TokenType.String)
        {
            Unexpected("a string");
            return s_missingString;
        }

        var literal = new StringLiteral(Token.Start, Token.End, Token.StringValue);
        CheckLegacy("An octal escape");
        Next();
        return literal;
    }

    private NumberLiteral ParseNumber()
    {
        var literal = new NumberLiteral(Token.Start, Token.End, Token.NumberValue);
        CheckLegacy("A number with a leading 0");
        Next();
        return literal;
    }

    // 12.9.3.1 and 12.9.4.1.
    private void CheckLegacy(string what)
    {
        if (Token.LegacyAt < 0) return;
        if (State.Function.Strict || IsTyped)
            Fail(ParseErrorCode.EarlyError, Token.LegacyAt, $"{what} cannot stand in {(State.Function.Strict ? "strict code" : "TypeScript")}");
        else if (State.LegacyAt < 0)
            State.LegacyAt = Token.LegacyAt;
    }

    private RegExpLiteral ParseRegExp()
    {
        ReadRegExp();
        var literal = new RegExpLiteral(Token.Start, Token.End, Token.RegExpPattern, Token.RegExpFlags);
        Next();
        return literal;
    }

    // 13.2.8 Template Literals.
    private TemplateLiteral ParseTemplate(TemplateUse use)
    {
        int start = Token.Start;
        ImmutableArray<TemplateElement>.Builder? quasis = null;
        int mark = Nodes.Count;
        while (true)
        {
            int from = Token.End;
            TemplateEnd end = ReadTemplate(out int to);
            if (end == TemplateEnd.Failed) break;
            if (Token.TemplateCooked is null && use == TemplateUse.Plain) FailAtTemplateEscape();
            var element = new TemplateElement(from, to, Token.TemplateRaw, Token.TemplateCooked, end == TemplateEnd.Quote);
            Next();
            if (end == TemplateEnd.Quote)
            {
                ImmutableArray<TemplateElement> all = quasis is null ? [element] : [.. quasis, element];
                return new TemplateLiteral(start, Token.LastEnd, Nodes.Take<Expression>(mark), all);
            }

            (quasis ??= ImmutableArray.CreateBuilder<TemplateElement>()).Add(element);
            Nodes.Push(ParseExpression());
            if (Token.Type != TokenType.RightBrace)
            {
                Unexpected("'}'");
                break;
            }
        }

        return new TemplateLiteral(start, Token.LastEnd, Nodes.Take<Expression>(mark), []);
    }

    // 13.2.4 Array Initializer.
    private ArrayExpression ParseArray(ref Cover cover)
    {
        int start = Token.Start;
        Next();
        int mark = Nodes.Count;
        while (Token.Type != TokenType.RightBracket && !Failed)
        {
            if (Token.Type == TokenType.Comma) Nodes.Push(null);
            else if (Token.Type == TokenType.Ellipsis) Nodes.Push(ParseSpread(ref cover));
            else Nodes.Push(ParseAssignmentCover(ForInit.None, ref cover));
            Separate(TokenType.RightBracket);
        }

        ImmutableArray<Expression?> elements = Nodes.Take<Expression?>(mark);
        Next();
        return new ArrayExpression(start, Token.LastEnd, elements);
    }

    // 13.3.7 The super Keyword.
    private Super ParseSuper()
    {
        var expression = new Super(Token.Start, Token.End);
        if (!Allows(SyntaxContext.SuperProperty)) EarlyError(Token.Start, "'super' stands outside of a method");
        Next();
        if (Token.Type == TokenType.LeftParenthesis && !Allows(SyntaxContext.SuperCall))
            EarlyError(expression.Start, "'super()' stands outside of the constructor of a class that extends another");
        if (Token.Type is not (TokenType.LeftParenthesis or TokenType.Dot or TokenType.LeftBracket)) Unexpected("'.', '[' or '(' behind 'super'");
        return expression;
    }

    // 13.3.10 Import Calls, 13.3.12.1 import.meta.
    private Expression ParseImportExpression()
    {
        int start = Token.Start;
        Next();
        if (Token.Type == TokenType.Dot)
        {
            var meta = new Identifier(start, start + 6, "import");
            Next();
            if (!Is(KnownName.Meta)) Unexpected("'meta'");
            Identifier property = ParseIdentifierName();
            if (!IsModule) EarlyError(start, "'import.meta' stands outside of a module");
            return new MetaProperty(start, Token.LastEnd, meta, property);
        }

        Expect(TokenType.LeftParenthesis);
        Expression source = ParseAssignment();
        Expression? options = null;
        if (Eat(TokenType.Comma) && Token.Type != TokenType.RightParenthesis)
        {
            options = ParseAssignment();
            Eat(TokenType.Comma);
        }

        Expect(TokenType.RightParenthesis);
        return new ImportExpression(start, Token.LastEnd, source, options);
    }
}
