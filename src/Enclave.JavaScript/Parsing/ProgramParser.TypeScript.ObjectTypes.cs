using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Object types, bodies of interfaces and mapped types.</summary>
internal sealed partial class ProgramParser
{
    /// <summary>The offset of the closing bracket for each opening one, -1 if there is none. Filled when first needed.</summary>
    private readonly Dictionary<int, int> _brackets = [];

    private void SkipObjectType()
    {
        if (!Enter()) return;
        int next = PeekToken(Position, out _);
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
        if (Type is TokenType.Plus or TokenType.Minus) Next();
        Eat(KnownName.ReadOnly);
        Expect(TokenType.LeftBracket);
        SkipName();
        Expect(TokenType.In);
        SkipType();
        if (Eat(KnownName.As)) SkipType();
        Expect(TokenType.RightBracket);
        if (Type is TokenType.Plus or TokenType.Minus)
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
        while (Type != TokenType.RightBrace && !Failed)
        {
            SkipMember();
            if (!Eat(TokenType.Comma)) Semicolon();
        }

        Next();
    }

    private void SkipMember()
    {
        if (Type is TokenType.LeftParenthesis or TokenType.Less)
        {
            SkipSignature();
            return;
        }

        if (Type == TokenType.New && Peek(PeekToken(Position, out _)) is '(' or '<')
        {
            Next();
            SkipSignature();
            return;
        }

        while (Type == TokenType.Identifier && !HasEscape && IsAccessModifier(Name) && ModifierCanStand()) Next();
        if (Type == TokenType.Identifier && !HasEscape && Name is KnownName.Get or KnownName.Set && BeginsNameAt(PeekToken(Position, out _)))
        {
            Next();
            SkipMemberName();
            SkipSignature();
            return;
        }

        if (Type == TokenType.LeftBracket && BeginsIndexSignature())
        {
            SkipIndexSignature();
            return;
        }

        SkipMemberName();
        Eat(TokenType.Question);
        if (Type is TokenType.LeftParenthesis or TokenType.Less) SkipSignature();
        else SkipAnnotation();
    }

    private bool ModifierCanStand()
    {
        int next = PeekToken(Position, out bool newline);
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
        switch (Type)
        {
            case TokenType.String or TokenType.Number:
                CheckLegacy(Type == TokenType.String ? "An octal escape" : "A number with a leading 0");
                Next();
                break;
            case TokenType.BigInt:
                Next();
                break;
            case TokenType.LeftBracket:
                Next();
                _ambient++;
                ParseAssignment();
                _ambient--;
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
        int at = PeekToken(Position, out _);
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
        if (_brackets.TryGetValue(open, out int known)) return known;
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
                _brackets[around.Pop()] = at;
                if (around.Count == 0) return at;
            }
            else if (c is '"' or '\'' or '`')
            {
                at = QuoteEnd(at, c);
            }

            at++;
        }

        foreach (int unclosed in around) _brackets[unclosed] = -1;
        return _brackets.GetValueOrDefault(open, -1);
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
