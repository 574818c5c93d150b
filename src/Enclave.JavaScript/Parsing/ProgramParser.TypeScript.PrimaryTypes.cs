using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Types without operators: names, literals, tuples, templates, imports.</summary>
internal sealed partial class ProgramParser
{
    private void SkipPrimaryType()
    {
        switch (Token.Type)
        {
            case TokenType.Identifier:
                if (!Is(KnownName.Asserts) || !SkipAsserts()) SkipTypeReference();
                break;
            case TokenType.String or TokenType.Number:
                CheckLegacy(Token.Type == TokenType.String ? "An octal escape" : "A number with a leading 0");
                Next();
                break;
            case TokenType.BigInt or TokenType.True or TokenType.False or TokenType.Null or TokenType.Void:
                Next();
                break;
            case TokenType.Minus:
                Next();
                if (Token.Type == TokenType.Number) CheckLegacy("A number with a leading 0");
                if (Token.Type is TokenType.Number or TokenType.BigInt) Next();
                else Unexpected("a number");
                break;
            case TokenType.This:
                SkipThisType();
                break;
            case TokenType.TypeOf:
                SkipTypeQuery();
                break;
            case TokenType.Import:
                SkipImportType();
                break;
            case TokenType.LeftBrace:
                SkipObjectType();
                break;
            case TokenType.LeftBracket:
                SkipTuple();
                break;
            case TokenType.LeftParenthesis:
                Next();
                SkipType();
                Expect(TokenType.RightParenthesis);
                break;
            case TokenType.Template:
                SkipTemplateType();
                break;
            default:
                Unexpected("a type");
                break;
        }
    }

    // 'asserts x', 'asserts this is T'; the name on the line of the word.
    private bool SkipAsserts()
    {
        int next = PeekToken(Token.Position, out bool newline);
        if (newline || !IsAnyWordAt(next) || IsWordAt(next, "is") || IsWordAt(next, "extends")) return false;
        Next();
        if (Token.Type == TokenType.This) Next();
        else SkipName();
        if (!Is(KnownName.Is)) return true;
        Next();
        SkipType();
        return true;
    }

    private void SkipThisType()
    {
        Next();
        if (!Is(KnownName.Is) || Token.NewlineBefore) return;
        Next();
        SkipType();
    }

    private void SkipTypeReference()
    {
        bool isKeyword = Token.Name is >= KnownName.FirstKeywordType and <= KnownName.LastKeywordType && !Token.HasEscape;
        Next();
        if (isKeyword && Token.Type != TokenType.Dot) return;
        while (Token.Type == TokenType.Dot)
        {
            Next();
            SkipWord();
        }

        SkipTypeArgumentsHere();
    }

    private void SkipTypeArgumentsHere()
    {
        if (Token.Type is TokenType.Less or TokenType.ShiftLeft && !Token.NewlineBefore) SkipTypeArguments();
    }

    // typeof a.b<T>, typeof import('a').
    private void SkipTypeQuery()
    {
        Next();
        if (Token.Type == TokenType.Import)
        {
            SkipImportType();
            return;
        }

        SkipWord();
        while (Token.Type == TokenType.Dot)
        {
            Next();
            if (Token.Type == TokenType.PrivateName) Next();
            else SkipWord();
        }

        SkipTypeArgumentsHere();
    }

    // import('a', { with: { … } }).b<T>.
    private void SkipImportType()
    {
        Next();
        Expect(TokenType.LeftParenthesis);
        SkipType();
        if (Eat(TokenType.Comma))
        {
            Expect(TokenType.LeftBrace);
            SkipWord();
            Expect(TokenType.Colon);
            SkipAttributeTypes();
            Eat(TokenType.Comma);
            Expect(TokenType.RightBrace);
            Eat(TokenType.Comma);
        }

        Expect(TokenType.RightParenthesis);
        while (Token.Type == TokenType.Dot)
        {
            Next();
            SkipWord();
        }

        SkipTypeArgumentsHere();
    }

    private void SkipAttributeTypes()
    {
        Expect(TokenType.LeftBrace);
        while (Token.Type != TokenType.RightBrace && !Failed)
        {
            if (!Eat(TokenType.String)) SkipWord();
            Expect(TokenType.Colon);
            Expect(TokenType.String);
            Separate(TokenType.RightBrace);
        }

        Next();
    }

    private void SkipTuple()
    {
        Next();
        while (Token.Type != TokenType.RightBracket && !Failed)
        {
            Eat(TokenType.Ellipsis);
            if (MayNameElement && NamesTupleElement())
            {
                Next();
                Eat(TokenType.Question);
                Expect(TokenType.Colon);
            }

            SkipType();
            Eat(TokenType.Question);
            Separate(TokenType.RightBracket);
        }

        Next();
    }

    // A reserved word only if a type could begin with it.
    private bool MayNameElement => Token.Type is TokenType.Identifier or TokenType.Void or TokenType.This or TokenType.TypeOf or TokenType.Null
        or TokenType.True or TokenType.False or TokenType.New or TokenType.Import or TokenType.Function;

    private bool NamesTupleElement()
    {
        int at = PeekToken(Token.Position, out _);
        if (Peek(at) == '?') at = PeekToken(at + 1, out _);
        return Peek(at) == ':';
    }

    private void SkipTemplateType()
    {
        while (!Failed)
        {
            TemplateEnd end = ReadTemplate(out _);
            if (end == TemplateEnd.Failed) return;
            if (Token.TemplateCooked is null) FailAtTemplateEscape();
            Next();
            if (end == TemplateEnd.Quote) return;
            SkipType();
            if (Token.Type != TokenType.RightBrace) Unexpected("'}'");
        }
    }
}
