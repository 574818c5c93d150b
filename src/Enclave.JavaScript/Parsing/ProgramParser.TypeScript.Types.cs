using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Types: conditional, function, union, intersection and operator types.</summary>
internal sealed partial class ProgramParser
{
    /// <summary>Says if the type behind 'extends' may itself be conditional.</summary>
    private enum Conditional : byte
    {
        Allowed,
        Refused,
    }

    private void SkipType(Conditional conditional = Conditional.Allowed)
    {
        if (!Enter()) return;
        // The last branch of a conditional type is often another one. A loop keeps the nesting flat.
        while (true)
        {
            if (BeginsFunctionType())
            {
                SkipFunctionType();
                break;
            }

            State.TookExtends = false;
            SkipUnion(conditional);
            if (conditional == Conditional.Refused || Failed) break;
            if (!State.TookExtends)
            {
                if (Token.Type != TokenType.Extends || Token.NewlineBefore) break;
                Next();
                SkipType(Conditional.Refused);
            }

            State.TookExtends = false;
            Expect(TokenType.Question);
            SkipType();
            Expect(TokenType.Colon);
            if (Failed) break;
        }

        Leave();
    }

    private bool BeginsFunctionType() => Token.Type switch
    {
        TokenType.Less or TokenType.New => true,
        TokenType.LeftParenthesis => ParenthesisBeginsFunctionType(),
        TokenType.Identifier when Is(KnownName.Abstract) => IsWordAt(PeekToken(Token.Position, out bool newline), "new") && !newline,
        _ => false,
    };

    // 'abstract new <T>(…) => …', with each part but the parameters optional.
    private void SkipFunctionType()
    {
        if (Is(KnownName.Abstract)) Next();
        Eat(TokenType.New);
        SkipTypeParameters();
        SkipTypeParameterList();
        Expect(TokenType.Arrow);
        SkipReturnType();
    }

    private bool ParenthesisBeginsFunctionType()
    {
        int at = PeekToken(Token.Position, out _);
        char c = Peek(at);
        if (c == ')' || (c == '.' && Peek(at + 1) == '.')) return true;
        if (c is '{' or '[')
        {
            int close = FindClosing(at);
            if (close < 0) return false;
            at = close + 1;
        }
        else
        {
            if (!IsAnyWordAt(at)) return false;
            at = SkipModifiersFrom(at);
            if (!IsNameAt(at) && !IsWordAt(at, "this")) return false;
            at = WordEnd(at);
        }

        at = PeekToken(at, out _);
        if (Peek(at) is ':' or ',' or '?' || (Peek(at) == '=' && Peek(at + 1) != '>')) return true;
        if (Peek(at) != ')') return false;
        at = PeekToken(at + 1, out _);
        return Peek(at) == '=' && Peek(at + 1) == '>';
    }

    // 'readonly x', 'public x': errors elsewhere, but no parenthesized type can begin so.
    private int SkipModifiersFrom(int at)
    {
        while (true)
        {
            int end = WordEnd(at);
            int name = Names.Find(Source.AsSpan(at, end - at));
            int next = PeekToken(end, out bool newline);
            if (newline || !IsAccessModifier(name) || !IsNameAt(next)) return at;
            at = next;
        }
    }

    private static bool IsAccessModifier(int name) =>
        name is KnownName.Public or KnownName.Private or KnownName.Protected or KnownName.ReadOnly or KnownName.Override;

    private void SkipUnion(Conditional conditional)
    {
        if (Token.Type == TokenType.Bar) Next();
        do
        {
            if (Token.Type == TokenType.Ampersand) Next();
            do
            {
                SkipTypeOperator(conditional);
            }
            while (Eat(TokenType.Ampersand));
        }
        while (Eat(TokenType.Bar));
    }

    // keyof, unique, readonly, infer.
    private void SkipTypeOperator(Conditional conditional)
    {
        while (Token.Type == TokenType.Identifier && !Token.HasEscape && Token.Name is KnownName.KeyOf or KnownName.Unique or KnownName.ReadOnly) Next();
        if (Is(KnownName.Infer)) SkipInfer(conditional);
        else SkipPostfixType();
    }

    private void SkipInfer(Conditional conditional)
    {
        Next();
        SkipName();
        if (Token.Type != TokenType.Extends) return;
        Next();
        SkipType(Conditional.Refused);
        if (conditional == Conditional.Allowed && Token.Type == TokenType.Question) State.TookExtends = true;
    }

    // T[], T[K].
    private void SkipPostfixType()
    {
        SkipPrimaryType();
        while (Token.Type == TokenType.LeftBracket && !Token.NewlineBefore)
        {
            Next();
            if (Token.Type != TokenType.RightBracket) SkipType();
            Expect(TokenType.RightBracket);
        }
    }

    /// <summary>Reads a type, or a type predicate of a function's result: 'x is T', 'asserts x', 'asserts x is T'.</summary>
    private void SkipReturnType()
    {
        if (Token.Type == TokenType.Identifier && !Is(KnownName.Asserts))
        {
            int next = PeekToken(Token.End, out bool newline);
            if (!newline && IsWordAt(next, "is"))
            {
                Next();
                Next();
            }
        }

        SkipType();
    }
}
