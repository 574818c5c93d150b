using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Object types, bodies of interfaces and mapped types.</summary>
internal sealed partial class ProgramParser
{
    private void SkipObjectType()
    {
        if (!Enter()) return;
        int next = PeekToken(Token.Position, out _);
        if (BeginsMappedType(next)) SkipMappedType();
        else SkipMembers();
        Leave();
    }

    private bool BeginsMappedType(int at)
    {
        if (Peek(at) is '+' or '-') return IsWordAt(PeekToken(at + 1, out _), "readonly");
        if (IsWordAt(at, "readonly")) at = PeekToken(at + 8, out _);
        if (Peek(at) != '[') return false;
        at = PeekToken(at + 1, out _);
        return IsAnyWordAt(at) && IsWordAt(PeekToken(WordEnd(at), out _), "in");
    }

    // { +readonly [K in T as U]-?: V; }
    private void SkipMappedType()
    {
        Next();
        if (Token.Type is TokenType.Plus or TokenType.Minus) Next();
        Eat(KnownName.ReadOnly);
        Expect(TokenType.LeftBracket);
        SkipName();
        Expect(TokenType.In);
        SkipType();
        if (Eat(KnownName.As)) SkipType();
        Expect(TokenType.RightBracket);
        if (Token.Type is TokenType.Plus or TokenType.Minus)
        {
            Next();
            Expect(TokenType.Question);
        }
        else
        {
            Eat(TokenType.Question);
        }

        SkipAnnotation();
        if (!Eat(TokenType.Comma)) Semicolon();
        Expect(TokenType.RightBrace);
    }

    private void SkipMembers()
    {
        Expect(TokenType.LeftBrace);
        while (Token.Type != TokenType.RightBrace && !Failed)
        {
            SkipMember();
            if (!Eat(TokenType.Comma)) Semicolon();
        }

        Next();
    }

    private void SkipMember()
    {
        if (Token.Type is TokenType.LeftParenthesis or TokenType.Less)
        {
            SkipSignature();
            return;
        }

        if (Token.Type == TokenType.New && Peek(PeekToken(Token.Position, out _)) is '(' or '<')
        {
            Next();
            SkipSignature();
            return;
        }

        while (Token.Type == TokenType.Identifier && !Token.HasEscape && IsAccessModifier(Token.Name) && ModifierCanStand()) Next();
        if (Token.Type == TokenType.Identifier && !Token.HasEscape && Token.Name is KnownName.Get or KnownName.Set
            && BeginsNameAt(PeekToken(Token.Position, out _)))
        {
            Next();
            SkipMemberName();
            SkipSignature();
            return;
        }

        if (Token.Type == TokenType.LeftBracket && BeginsIndexSignature())
        {
            SkipIndexSignature();
            return;
        }

        SkipMemberName();
        Eat(TokenType.Question);
        if (Token.Type is TokenType.LeftParenthesis or TokenType.Less) SkipSignature();
        else SkipAnnotation();
    }

    private bool ModifierCanStand()
    {
        int next = PeekToken(Token.Position, out bool newline);
        return !newline && BeginsNameAt(next);
    }

    private bool BeginsNameAt(int at) => Peek(at) is '[' or '"' or '\'' or '#' || Lexing.CharacterTable.Is(Peek(at), CharacterTable.Digit) || IsAnyWordAt(at);

    private void SkipSignature()
    {
        SkipTypeParameters();
        SkipTypeParameterList();
        SkipReturnAnnotation();
    }

    private void SkipMemberName()
    {
        switch (Token.Type)
        {
            case TokenType.String or TokenType.Number:
                CheckLegacy(Token.Type == TokenType.String ? "An octal escape" : "A number with a leading 0");
                Next();
                break;
            case TokenType.BigInt:
                Next();
                break;
            case TokenType.LeftBracket:
                Next();
                State.Ambient++;
                ParseAssignment();
                State.Ambient--;
                Expect(TokenType.RightBracket);
                break;
            default:
                SkipWord();
                break;
        }
    }

    // [key: T], not a computed name.
    private bool BeginsIndexSignature()
    {
        int at = PeekToken(Token.Position, out _);
        if (!IsNameAt(at)) return false;
        return Peek(PeekToken(WordEnd(at), out _)) == ':';
    }

    private void SkipIndexSignature()
    {
        Next();
        SkipName();
        SkipAnnotation();
        Expect(TokenType.RightBracket);
        SkipAnnotation();
    }

    /// <summary>The offset of the bracket that closes the bracket at an offset, or -1.</summary>
    private int FindClosing(int open)
    {
        if (Memory.Brackets.TryGetValue(open, out int known)) return known;
        // One walk finds the partner of every bracket.
        var around = new Stack<int>();
        for (int at = open; at < Source.Length; at = PeekToken(at, out _))
        {
            char c = Source[at];
            if (c is '(' or '[' or '{')
            {
                around.Push(at);
            }
            else if (c is ')' or ']' or '}')
            {
                Memory.Brackets[around.Pop()] = at;
                if (around.Count == 0) return at;
            }
            else if (c is '"' or '\'' or '`')
            {
                at = QuoteEnd(at, c);
            }

            at++;
        }

        foreach (int unclosed in around) Memory.Brackets[unclosed] = -1;
        return Memory.Brackets.GetValueOrDefault(open, -1);
    }

    private int QuoteEnd(int at, char quote)
    {
        for (at++; at < Source.Length && Source[at] != quote; at++)
        {
            if (Source[at] == '\\') at++;
        }

        return at;
    }
}
