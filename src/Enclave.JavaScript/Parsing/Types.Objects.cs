using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Object types, bodies of interfaces and mapped types.</summary>
internal static partial class Types
{
    private static void SkipObjectType(ProgramParser p)
    {
        if (!p.Enter()) return;
        int next = p.PeekToken(p.Token.Position, out _);
        if (BeginsMappedType(p, next)) SkipMappedType(p);
        else SkipMembers(p);
        p.Leave();
    }

    private static bool BeginsMappedType(ProgramParser p, int at)
    {
        if (p.Peek(at) is '+' or '-') return p.IsWordAt(p.PeekToken(at + 1, out _), "readonly");
        if (p.IsWordAt(at, "readonly")) at = p.PeekToken(at + 8, out _);
        if (p.Peek(at) != '[') return false;
        at = p.PeekToken(at + 1, out _);
        return p.IsAnyWordAt(at) && p.IsWordAt(p.PeekToken(p.WordEnd(at), out _), "in");
    }

    // { +readonly [K in T as U]-?: V; }
    private static void SkipMappedType(ProgramParser p)
    {
        p.Next();
        if (p.Token.Type is TokenType.Plus or TokenType.Minus) p.Next();
        p.Eat(KnownName.ReadOnly);
        p.Expect(TokenType.LeftBracket);
        p.SkipName();
        p.Expect(TokenType.In);
        SkipType(p);
        if (p.Eat(KnownName.As)) SkipType(p);
        p.Expect(TokenType.RightBracket);
        if (p.Token.Type is TokenType.Plus or TokenType.Minus)
        {
            p.Next();
            p.Expect(TokenType.Question);
        }
        else
        {
            p.Eat(TokenType.Question);
        }

        SkipAnnotation(p);
        if (!p.Eat(TokenType.Comma)) p.Semicolon();
        p.Expect(TokenType.RightBrace);
    }

    public static void SkipMembers(ProgramParser p)
    {
        p.Expect(TokenType.LeftBrace);
        while (p.Token.Type != TokenType.RightBrace && !p.Failed)
        {
            SkipMember(p);
            if (!p.Eat(TokenType.Comma)) p.Semicolon();
        }

        p.Next();
    }

    private static void SkipMember(ProgramParser p)
    {
        if (p.Token.Type is TokenType.LeftParenthesis or TokenType.Less)
        {
            SkipSignature(p);
            return;
        }

        if (p.Token.Type == TokenType.New && p.Peek(p.PeekToken(p.Token.Position, out _)) is '(' or '<')
        {
            p.Next();
            SkipSignature(p);
            return;
        }

        while (p.Token.Type == TokenType.Identifier && !p.Token.HasEscape && IsAccessModifier(p.Token.Name) && ModifierCanStand(p)) p.Next();
        if (p.Token.Type == TokenType.Identifier && !p.Token.HasEscape && p.Token.Name is KnownName.Get or KnownName.Set
            && BeginsNameAt(p, p.PeekToken(p.Token.Position, out _)))
        {
            p.Next();
            SkipMemberName(p);
            SkipSignature(p);
            return;
        }

        if (p.Token.Type == TokenType.LeftBracket && BeginsIndexSignature(p))
        {
            SkipIndexSignature(p);
            return;
        }

        SkipMemberName(p);
        p.Eat(TokenType.Question);
        if (p.Token.Type is TokenType.LeftParenthesis or TokenType.Less) SkipSignature(p);
        else SkipAnnotation(p);
    }

    private static bool ModifierCanStand(ProgramParser p)
    {
        int next = p.PeekToken(p.Token.Position, out bool newline);
        return !newline && BeginsNameAt(p, next);
    }

    public static bool BeginsNameAt(ProgramParser p, int at) =>
        p.Peek(at) is '[' or '"' or '\'' or '#' || CharacterTable.Is(p.Peek(at), CharacterTable.Digit) || p.IsAnyWordAt(at);

    private static void SkipSignature(ProgramParser p)
    {
        SkipTypeParameters(p);
        SkipTypeParameterList(p);
        SkipReturnAnnotation(p);
    }

    public static void SkipMemberName(ProgramParser p)
    {
        switch (p.Token.Type)
        {
            case TokenType.String or TokenType.Number:
                Primaries.CheckLegacy(p, p.Token.Type == TokenType.String ? "An octal escape" : "A number with a leading 0");
                p.Next();
                break;
            case TokenType.BigInt:
                p.Next();
                break;
            case TokenType.LeftBracket:
                p.Next();
                p.State.Ambient++;
                Expressions.ParseAssignment(p);
                p.State.Ambient--;
                p.Expect(TokenType.RightBracket);
                break;
            default:
                p.SkipWord();
                break;
        }
    }

    // [key: T], not a computed name.
    public static bool BeginsIndexSignature(ProgramParser p)
    {
        int at = p.PeekToken(p.Token.Position, out _);
        if (!p.IsNameAt(at)) return false;
        return p.Peek(p.PeekToken(p.WordEnd(at), out _)) == ':';
    }

    public static void SkipIndexSignature(ProgramParser p)
    {
        p.Next();
        p.SkipName();
        SkipAnnotation(p);
        p.Expect(TokenType.RightBracket);
        SkipAnnotation(p);
    }
}
