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
        switch (Type)
        {
            case TokenType.Identifier: return ParseNameOrArrow(init);
            case TokenType.String: return ParseString();
            case TokenType.Number: return ParseNumber();
            case TokenType.LeftParenthesis: return ParseParenthesis(ref cover, init);
            case TokenType.LeftBrace: return ParseObject(ref cover);
            case TokenType.LeftBracket: return ParseArray(ref cover);
            case TokenType.Function: return ParseFunctionExpression(Start, FunctionForm.Plain);
            case TokenType.Template: return ParseTemplate(TemplateUse.Plain);
            case TokenType.New: return ParseNew();
            case TokenType.Class: return ParseClassExpression();
            case TokenType.Slash or TokenType.SlashAssign: return ParseRegExp();
            case TokenType.Super: return ParseSuper();
            case TokenType.Import: return ParseImportExpression();
        }

        int start = Start;
        TokenType type = Type;
        switch (type)
        {
            case TokenType.This:
                if (Allows(Context.Enum)) EarlyError(start, "'this' cannot be used in the values of an enum");
                Next();
                return new ThisExpression(start, LastEnd);
            case TokenType.Null:
                Next();
                return new NullLiteral(start, LastEnd);
            case TokenType.True or TokenType.False:
                Next();
                return new BooleanLiteral(start, LastEnd, type == TokenType.True);
            case TokenType.BigInt:
                string digits = StringValue;
                Next();
                return new BigIntLiteral(start, LastEnd, digits);
            default:
                Unexpected();
                return s_missing;
        }
    }

    // A name, an async function, or the single parameter of an arrow function.
    private Expression ParseNameOrArrow(ForInit init)
    {
        int start = Start;
        bool mayBeArrow = _arrowAt == start;
        bool isAsync = Name == KnownName.Async && !HasEscape;
        Identifier name = ParseIdentifier();
        if (Type == TokenType.Arrow && mayBeArrow && !NewlineBefore)
        {
            Next();
            return ParseArrow(start, [name], FunctionForm.Plain, init);
        }

        if (!isAsync || NewlineBefore) return name;
        if (Type == TokenType.Function) return ParseFunctionExpression(start, FunctionForm.Async);
        // 14.7.5: 'for await (async of' is a loop over a variable named async.
        bool isLoop = _arrowInit == ForInit.AwaitHead && Is(KnownName.Of);
        if (!mayBeArrow || Type != TokenType.Identifier || isLoop) return name;
        if (Name == KnownName.Await) EarlyError(Start, "'await' cannot be a name in the parameters of an async function");
        Identifier parameter = ParseIdentifier();
        if (NewlineBefore || Type != TokenType.Arrow)
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
        if (Type != TokenType.String)
        {
            Unexpected("a string");
            return s_missingString;
        }

        var literal = new StringLiteral(Start, End, StringValue);
        CheckLegacy("An octal escape");
        Next();
        return literal;
    }

    private NumberLiteral ParseNumber()
    {
        var literal = new NumberLiteral(Start, End, NumberValue);
        CheckLegacy("A number with a leading 0");
        Next();
        return literal;
    }

    // 12.9.3.1 and 12.9.4.1.
    private void CheckLegacy(string what)
    {
        if (LegacyAt < 0) return;
        if (_strict || _isTyped) Fail(ParseErrorCode.EarlyError, LegacyAt, $"{what} cannot stand in {(_strict ? "strict code" : "TypeScript")}");
        else if (_legacyAt < 0) _legacyAt = LegacyAt;
    }

    private RegExpLiteral ParseRegExp()
    {
        ReadRegExp();
        var literal = new RegExpLiteral(Start, End, RegExpPattern, RegExpFlags);
        Next();
        return literal;
    }

    // 13.2.8 Template Literals.
    private TemplateLiteral ParseTemplate(TemplateUse use)
    {
        int start = Start;
        ImmutableArray<TemplateElement>.Builder? quasis = null;
        int mark = _nodeCount;
        while (true)
        {
            int from = End;
            TemplateEnd end = ReadTemplate(out int to);
            if (end == TemplateEnd.Failed) break;
            if (TemplateCooked is null && use == TemplateUse.Plain) FailAtTemplateEscape();
            var element = new TemplateElement(from, to, TemplateRaw, TemplateCooked, end == TemplateEnd.Quote);
            Next();
            if (end == TemplateEnd.Quote)
            {
                ImmutableArray<TemplateElement> all = quasis is null ? [element] : [.. quasis, element];
                return new TemplateLiteral(start, LastEnd, Take<Expression>(mark), all);
            }

            (quasis ??= ImmutableArray.CreateBuilder<TemplateElement>()).Add(element);
            Push(ParseExpression());
            if (Type != TokenType.RightBrace)
            {
                Unexpected("'}'");
                break;
            }
        }

        return new TemplateLiteral(start, LastEnd, Take<Expression>(mark), []);
    }

    // 13.2.4 Array Initializer.
    private ArrayExpression ParseArray(ref Cover cover)
    {
        int start = Start;
        Next();
        int mark = _nodeCount;
        while (Type != TokenType.RightBracket && !Failed)
        {
            if (Type == TokenType.Comma) Push(null);
            else if (Type == TokenType.Ellipsis) Push(ParseSpread(ref cover));
            else Push(ParseAssignmentCover(ForInit.None, ref cover));
            Separate(TokenType.RightBracket);
        }

        ImmutableArray<Expression?> elements = Take<Expression?>(mark);
        Next();
        return new ArrayExpression(start, LastEnd, elements);
    }

    // 13.3.7 The super Keyword.
    private Super ParseSuper()
    {
        var expression = new Super(Start, End);
        if (!Allows(Context.SuperProperty)) EarlyError(Start, "'super' stands outside of a method");
        Next();
        if (Type == TokenType.LeftParenthesis && !Allows(Context.SuperCall))
            EarlyError(expression.Start, "'super()' stands outside of the constructor of a class that extends another");
        if (Type is not (TokenType.LeftParenthesis or TokenType.Dot or TokenType.LeftBracket)) Unexpected("'.', '[' or '(' behind 'super'");
        return expression;
    }

    // 13.3.10 Import Calls, 13.3.12.1 import.meta.
    private Expression ParseImportExpression()
    {
        int start = Start;
        Next();
        if (Type == TokenType.Dot)
        {
            var meta = new Identifier(start, start + 6, "import");
            Next();
            if (!Is(KnownName.Meta)) Unexpected("'meta'");
            Identifier property = ParseIdentifierName();
            if (!IsModule) EarlyError(start, "'import.meta' stands outside of a module");
            return new MetaProperty(start, LastEnd, meta, property);
        }

        Expect(TokenType.LeftParenthesis);
        Expression source = ParseAssignment();
        Expression? options = null;
        if (Eat(TokenType.Comma) && Type != TokenType.RightParenthesis)
        {
            options = ParseAssignment();
            Eat(TokenType.Comma);
        }

        Expect(TokenType.RightParenthesis);
        return new ImportExpression(start, LastEnd, source, options);
    }
}
