using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Types without operators: names, literals, tuples, templates, imports.</summary>
internal static partial class Types
{
    private static void SkipPrimaryType(ProgramParser p)
    {
        switch (p.Token.Type)
        {
            case TokenType.Identifier:
                if (!p.Is(KnownName.Asserts) || !SkipAsserts(p)) SkipTypeReference(p);
                break;
            case TokenType.String or TokenType.Number:
                Primaries.CheckLegacy(p, p.Token.Type == TokenType.String ? "An octal escape" : "A number with a leading 0");
                p.Next();
                break;
            case TokenType.BigInt or TokenType.True or TokenType.False or TokenType.Null or TokenType.Void:
                p.Next();
                break;
            case TokenType.Minus:
                p.Next();
                if (p.Token.Type == TokenType.Number) Primaries.CheckLegacy(p, "A number with a leading 0");
                if (p.Token.Type is TokenType.Number or TokenType.BigInt) p.Next();
                else p.Unexpected("a number");
                break;
            case TokenType.This:
                SkipThisType(p);
                break;
            case TokenType.TypeOf:
                SkipTypeQuery(p);
                break;
            case TokenType.Import:
                SkipImportType(p);
                break;
            case TokenType.LeftBrace:
                SkipObjectType(p);
                break;
            case TokenType.LeftBracket:
                SkipTuple(p);
                break;
            case TokenType.LeftParenthesis:
                p.Next();
                SkipType(p);
                p.Expect(TokenType.RightParenthesis);
                break;
            case TokenType.Template:
                SkipTemplateType(p);
                break;
            default:
                p.Unexpected("a type");
                break;
        }
    }

    // 'asserts x', 'asserts this is T'; the name on the line of the word.
    private static bool SkipAsserts(ProgramParser p)
    {
        int next = p.PeekToken(p.Token.Position, out bool newline);
        if (newline || !p.IsAnyWordAt(next) || p.IsWordAt(next, "is") || p.IsWordAt(next, "extends")) return false;
        p.Next();
        if (p.Token.Type == TokenType.This) p.Next();
        else p.SkipName();
        if (!p.Is(KnownName.Is)) return true;
        p.Next();
        SkipType(p);
        return true;
    }

    private static void SkipThisType(ProgramParser p)
    {
        p.Next();
        if (!p.Is(KnownName.Is) || p.Token.NewlineBefore) return;
        p.Next();
        SkipType(p);
    }

    private static void SkipTypeReference(ProgramParser p)
    {
        bool isKeyword = p.Token.Name is >= KnownName.FirstKeywordType and <= KnownName.LastKeywordType && !p.Token.HasEscape;
        p.Next();
        if (isKeyword && p.Token.Type != TokenType.Dot) return;
        while (p.Token.Type == TokenType.Dot)
        {
            p.Next();
            p.SkipWord();
        }

        SkipTypeArgumentsHere(p);
    }

    private static void SkipTypeArgumentsHere(ProgramParser p)
    {
        if (p.Token.Type is TokenType.Less or TokenType.ShiftLeft && !p.Token.NewlineBefore) SkipTypeArguments(p);
    }

    // typeof a.b<T>, typeof import('a').
    private static void SkipTypeQuery(ProgramParser p)
    {
        p.Next();
        if (p.Token.Type == TokenType.Import)
        {
            SkipImportType(p);
            return;
        }

        p.SkipWord();
        while (p.Token.Type == TokenType.Dot)
        {
            p.Next();
            if (p.Token.Type == TokenType.PrivateName) p.Next();
            else p.SkipWord();
        }

        SkipTypeArgumentsHere(p);
    }

    // import('a', { with: { … } }).b<T>.
    private static void SkipImportType(ProgramParser p)
    {
        p.Next();
        p.Expect(TokenType.LeftParenthesis);
        SkipType(p);
        if (p.Eat(TokenType.Comma))
        {
            p.Expect(TokenType.LeftBrace);
            p.SkipWord();
            p.Expect(TokenType.Colon);
            SkipAttributeTypes(p);
            p.Eat(TokenType.Comma);
            p.Expect(TokenType.RightBrace);
            p.Eat(TokenType.Comma);
        }

        p.Expect(TokenType.RightParenthesis);
        while (p.Token.Type == TokenType.Dot)
        {
            p.Next();
            p.SkipWord();
        }

        SkipTypeArgumentsHere(p);
    }

    private static void SkipAttributeTypes(ProgramParser p)
    {
        p.Expect(TokenType.LeftBrace);
        while (p.Token.Type != TokenType.RightBrace && !p.Failed)
        {
            if (!p.Eat(TokenType.String)) p.SkipWord();
            p.Expect(TokenType.Colon);
            p.Expect(TokenType.String);
            p.Separate(TokenType.RightBrace);
        }

        p.Next();
    }

    private static void SkipTuple(ProgramParser p)
    {
        p.Next();
        while (p.Token.Type != TokenType.RightBracket && !p.Failed)
        {
            p.Eat(TokenType.Ellipsis);
            if (MayNameElement(p) && NamesTupleElement(p))
            {
                p.Next();
                p.Eat(TokenType.Question);
                p.Expect(TokenType.Colon);
            }

            SkipType(p);
            p.Eat(TokenType.Question);
            p.Separate(TokenType.RightBracket);
        }

        p.Next();
    }

    // A reserved word only if a type could begin with it.
    private static bool MayNameElement(ProgramParser p) =>
        p.Token.Type is TokenType.Identifier or TokenType.Void or TokenType.This or TokenType.TypeOf or TokenType.Null
        or TokenType.True or TokenType.False or TokenType.New or TokenType.Import or TokenType.Function;

    private static bool NamesTupleElement(ProgramParser p)
    {
        int at = p.PeekToken(p.Token.Position, out _);
        if (p.Peek(at) == '?') at = p.PeekToken(at + 1, out _);
        return p.Peek(at) == ':';
    }

    private static void SkipTemplateType(ProgramParser p)
    {
        while (!p.Failed)
        {
            TemplateEnd end = p.ReadTemplate(out _);
            if (end == TemplateEnd.Failed) return;
            if (p.Token.TemplateCooked is null) p.FailAtTemplateEscape();
            p.Next();
            if (end == TemplateEnd.Quote) return;
            SkipType(p);
            if (p.Token.Type != TokenType.RightBrace) p.Unexpected("'}'");
        }
    }
}
