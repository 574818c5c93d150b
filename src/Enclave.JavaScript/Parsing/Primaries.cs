using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Primary expressions (ECMA-262 13.2), and super and import as heads of accesses and calls (13.3.7, 13.3.10, 13.3.12).</summary>
internal static class Primaries
{
    public static Expression ParsePrimary(ProgramParser p, ref Cover cover, ForInit init)
    {
        switch (p.Token.Type)
        {
            case TokenType.Identifier: return ParseNameOrArrow(p, init);
            case TokenType.String: return ParseString(p);
            case TokenType.Number: return ParseNumber(p);
            case TokenType.LeftParenthesis: return Arrows.ParseParenthesis(p, ref cover, init);
            case TokenType.LeftBrace: return Objects.ParseObject(p, ref cover);
            case TokenType.LeftBracket: return ParseArray(p, ref cover);
            case TokenType.Function: return Functions.ParseFunctionExpression(p, p.Token.Start, FunctionForm.Plain);
            case TokenType.Template: return ParseTemplate(p, TemplateUse.Plain);
            case TokenType.New: return LeftHandSides.ParseNew(p);
            case TokenType.Class: return Classes.ParseClassExpression(p);
            case TokenType.Slash or TokenType.SlashAssign: return ParseRegExp(p);
            case TokenType.Super: return ParseSuper(p);
            case TokenType.Import: return ParseImportExpression(p);
        }

        int start = p.Token.Start;
        TokenType type = p.Token.Type;
        switch (type)
        {
            case TokenType.This:
                if (p.Allows(SyntaxContext.Enum)) p.EarlyError(start, "'this' cannot be used in the values of an enum");
                p.Next();
                return new ThisExpression(start, p.Token.LastEnd);
            case TokenType.Null:
                p.Next();
                return new NullLiteral(start, p.Token.LastEnd);
            case TokenType.True or TokenType.False:
                p.Next();
                return new BooleanLiteral(start, p.Token.LastEnd, type == TokenType.True);
            case TokenType.BigInt:
                string digits = p.Token.StringValue;
                p.Next();
                return new BigIntLiteral(start, p.Token.LastEnd, digits);
            default:
                p.Unexpected();
                return Placeholder.Missing;
        }
    }

    // A name, an async function, or the single parameter of an arrow function.
    private static Expression ParseNameOrArrow(ProgramParser p, ForInit init)
    {
        int start = p.Token.Start;
        bool mayBeArrow = p.State.ArrowAt == start;
        bool isAsync = p.Token.Name == KnownName.Async && !p.Token.HasEscape;
        Identifier name = Identifiers.ParseIdentifier(p);
        if (p.Token.Type == TokenType.Arrow && mayBeArrow && !p.Token.NewlineBefore)
        {
            p.Next();
            return Arrows.ParseArrow(p, start, [name], FunctionForm.Plain, init);
        }

        if (!isAsync || p.Token.NewlineBefore) return name;
        if (p.Token.Type == TokenType.Function) return Functions.ParseFunctionExpression(p, start, FunctionForm.Async);
        // 14.7.5: 'for await (async of' is a loop over a variable named async.
        bool isLoop = p.State.ArrowInit == ForInit.AwaitHead && p.Is(KnownName.Of);
        if (!mayBeArrow || p.Token.Type != TokenType.Identifier || isLoop || (p.IsTyped && Assertions.BeginsAssertion(p))) return name;
        if (p.Token.Name == KnownName.Await) p.EarlyError(p.Token.Start, "'await' cannot be a name in the parameters of an async function");
        Identifier parameter = Identifiers.ParseIdentifier(p);
        if (p.Token.NewlineBefore || p.Token.Type != TokenType.Arrow)
        {
            p.Unexpected("'=>'");
            return name;
        }

        p.Next();
        return Arrows.ParseArrow(p, start, [parameter], FunctionForm.Async, init);
    }

    // 13.2.3 Literals.
    public static StringLiteral ParseString(ProgramParser p)
    {
        if (p.Token.Type != TokenType.String)
        {
            p.Unexpected("a string");
            return Placeholder.MissingString;
        }

        var literal = new StringLiteral(p.Token.Start, p.Token.End, p.Token.StringValue);
        CheckLegacy(p, "An octal escape");
        p.Next();
        return literal;
    }

    public static NumberLiteral ParseNumber(ProgramParser p)
    {
        var literal = new NumberLiteral(p.Token.Start, p.Token.End, p.Token.NumberValue);
        CheckLegacy(p, "A number with a leading 0");
        p.Next();
        return literal;
    }

    // 12.9.3.1 and 12.9.4.1.
    public static void CheckLegacy(ProgramParser p, string what)
    {
        if (p.Token.LegacyAt < 0) return;
        if (p.State.Function.Strict || p.IsTyped)
            p.Fail(ParseErrorCode.EarlyError, p.Token.LegacyAt, $"{what} cannot stand in {(p.State.Function.Strict ? "strict code" : "TypeScript")}");
        else if (p.State.LegacyAt < 0)
            p.State.LegacyAt = p.Token.LegacyAt;
    }

    private static RegExpLiteral ParseRegExp(ProgramParser p)
    {
        p.ReadRegExp();
        var literal = new RegExpLiteral(p.Token.Start, p.Token.End, p.Token.RegExpPattern, p.Token.RegExpFlags);
        p.Next();
        return literal;
    }

    // 13.2.8 Template Literals.
    public static TemplateLiteral ParseTemplate(ProgramParser p, TemplateUse use)
    {
        int start = p.Token.Start;
        ImmutableArray<TemplateElement>.Builder? quasis = null;
        int mark = p.Nodes.Count;
        while (true)
        {
            int from = p.Token.End;
            TemplateEnd end = p.ReadTemplate(out int to);
            if (end == TemplateEnd.Failed) break;
            if (p.Token.TemplateCooked is null && use == TemplateUse.Plain) p.FailAtTemplateEscape();
            var element = new TemplateElement(from, to, p.Token.TemplateRaw, p.Token.TemplateCooked, end == TemplateEnd.Quote);
            p.Next();
            if (end == TemplateEnd.Quote)
            {
                ImmutableArray<TemplateElement> all = quasis is null ? [element] : [.. quasis, element];
                return new TemplateLiteral(start, p.Token.LastEnd, p.Nodes.Take<Expression>(mark), all);
            }

            (quasis ??= ImmutableArray.CreateBuilder<TemplateElement>()).Add(element);
            p.Nodes.Push(Expressions.ParseExpression(p));
            if (p.Token.Type != TokenType.RightBrace)
            {
                p.Unexpected("'}'");
                break;
            }
        }

        return new TemplateLiteral(start, p.Token.LastEnd, p.Nodes.Take<Expression>(mark), []);
    }

    // 13.2.4 Array Initializer.
    private static ArrayExpression ParseArray(ProgramParser p, ref Cover cover)
    {
        int start = p.Token.Start;
        p.Next();
        int mark = p.Nodes.Count;
        while (p.Token.Type != TokenType.RightBracket && !p.Failed)
        {
            if (p.Token.Type == TokenType.Comma) p.Nodes.Push(null);
            else if (p.Token.Type == TokenType.Ellipsis) p.Nodes.Push(LeftHandSides.ParseSpread(p, ref cover));
            else p.Nodes.Push(Expressions.ParseAssignmentCover(p, ForInit.None, ref cover));
            p.Separate(TokenType.RightBracket);
        }

        ImmutableArray<Expression?> elements = p.Nodes.Take<Expression?>(mark);
        p.Next();
        return new ArrayExpression(start, p.Token.LastEnd, elements);
    }

    // 13.3.7 The super Keyword.
    private static Super ParseSuper(ProgramParser p)
    {
        var expression = new Super(p.Token.Start, p.Token.End);
        if (!p.Allows(SyntaxContext.SuperProperty)) p.EarlyError(p.Token.Start, "'super' stands outside of a method");
        p.Next();
        if (p.Token.Type == TokenType.LeftParenthesis && !p.Allows(SyntaxContext.SuperCall))
            p.EarlyError(expression.Start, "'super()' stands outside of the constructor of a class that extends another");
        if (p.Token.Type is not (TokenType.LeftParenthesis or TokenType.Dot or TokenType.LeftBracket)) p.Unexpected("'.', '[' or '(' behind 'super'");
        return expression;
    }

    // 13.3.10 Import Calls, 13.3.12.1 import.meta.
    private static Expression ParseImportExpression(ProgramParser p)
    {
        int start = p.Token.Start;
        p.Next();
        if (p.Token.Type == TokenType.Dot)
        {
            var meta = new Identifier(start, start + 6, "import");
            p.Next();
            if (!p.Is(KnownName.Meta)) p.Unexpected("'meta'");
            Identifier property = Identifiers.ParseIdentifierName(p);
            if (!p.IsModule) p.EarlyError(start, "'import.meta' stands outside of a module");
            return new MetaProperty(start, p.Token.LastEnd, meta, property);
        }

        p.Expect(TokenType.LeftParenthesis);
        Expression source = Expressions.ParseAssignment(p);
        Expression? options = null;
        if (p.Eat(TokenType.Comma) && p.Token.Type != TokenType.RightParenthesis)
        {
            options = Expressions.ParseAssignment(p);
            p.Eat(TokenType.Comma);
        }

        p.Expect(TokenType.RightParenthesis);
        return new ImportExpression(start, p.Token.LastEnd, source, options);
    }
}
