using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Types: conditional, function, union, intersection and operator types.</summary>
internal static partial class Types
{
    /// <summary>Says if the type behind 'extends' may itself be conditional.</summary>
    public enum Conditional : byte
    {
        Allowed,
        Refused,
    }

    public static void SkipType(ProgramParser p, Conditional conditional = Conditional.Allowed)
    {
        if (!p.Enter()) return;
        // The last branch of a conditional type is often another one. A loop keeps the nesting flat.
        while (true)
        {
            if (BeginsFunctionType(p))
            {
                SkipFunctionType(p);
                break;
            }

            p.State.TookExtends = false;
            SkipUnion(p, conditional);
            if (conditional == Conditional.Refused || p.Failed) break;
            if (!p.State.TookExtends)
            {
                if (p.Token.Type != TokenType.Extends || p.Token.NewlineBefore) break;
                p.Next();
                SkipType(p, Conditional.Refused);
            }

            p.State.TookExtends = false;
            p.Expect(TokenType.Question);
            SkipType(p);
            p.Expect(TokenType.Colon);
            if (p.Failed) break;
        }

        p.Leave();
    }

    private static bool BeginsFunctionType(ProgramParser p) => p.Token.Type switch
    {
        TokenType.Less or TokenType.New => true,
        TokenType.LeftParenthesis => ParenthesisBeginsFunctionType(p),
        TokenType.Identifier when p.Is(KnownName.Abstract) => p.IsWordAt(p.PeekToken(p.Token.Position, out bool newline), "new") && !newline,
        _ => false,
    };

    // 'abstract new <T>(…) => …', with each part but the parameters optional.
    private static void SkipFunctionType(ProgramParser p)
    {
        if (p.Is(KnownName.Abstract)) p.Next();
        p.Eat(TokenType.New);
        SkipTypeParameters(p);
        SkipTypeParameterList(p);
        p.Expect(TokenType.Arrow);
        SkipReturnType(p);
    }

    private static bool ParenthesisBeginsFunctionType(ProgramParser p)
    {
        int at = p.PeekToken(p.Token.Position, out _);
        char c = p.Peek(at);
        if (c == ')' || (c == '.' && p.Peek(at + 1) == '.')) return true;
        if (c is '{' or '[')
        {
            int close = p.FindClosing(at);
            if (close < 0) return false;
            at = close + 1;
        }
        else
        {
            if (!p.IsAnyWordAt(at)) return false;
            at = SkipModifiersFrom(p, at);
            if (!p.IsNameAt(at) && !p.IsWordAt(at, "this")) return false;
            at = p.WordEnd(at);
        }

        at = p.PeekToken(at, out _);
        if (p.Peek(at) is ':' or ',' or '?' || (p.Peek(at) == '=' && p.Peek(at + 1) != '>')) return true;
        if (p.Peek(at) != ')') return false;
        at = p.PeekToken(at + 1, out _);
        return p.Peek(at) == '=' && p.Peek(at + 1) == '>';
    }

    // 'readonly x', 'public x': errors elsewhere, but no parenthesized type can begin so.
    private static int SkipModifiersFrom(ProgramParser p, int at)
    {
        while (true)
        {
            int end = p.WordEnd(at);
            int name = p.Names.Find(p.Source.AsSpan(at, end - at));
            int next = p.PeekToken(end, out bool newline);
            if (newline || !IsAccessModifier(name) || !p.IsNameAt(next)) return at;
            at = next;
        }
    }

    public static bool IsAccessModifier(int name) =>
        name is KnownName.Public or KnownName.Private or KnownName.Protected or KnownName.ReadOnly or KnownName.Override;

    private static void SkipUnion(ProgramParser p, Conditional conditional)
    {
        if (p.Token.Type == TokenType.Bar) p.Next();
        do
        {
            if (p.Token.Type == TokenType.Ampersand) p.Next();
            do
            {
                SkipTypeOperator(p, conditional);
            }
            while (p.Eat(TokenType.Ampersand));
        }
        while (p.Eat(TokenType.Bar));
    }

    // keyof, unique, readonly, infer.
    private static void SkipTypeOperator(ProgramParser p, Conditional conditional)
    {
        while (p.Token.Type == TokenType.Identifier && !p.Token.HasEscape
            && p.Token.Name is KnownName.KeyOf or KnownName.Unique or KnownName.ReadOnly) p.Next();
        if (p.Is(KnownName.Infer)) SkipInfer(p, conditional);
        else SkipPostfixType(p);
    }

    private static void SkipInfer(ProgramParser p, Conditional conditional)
    {
        p.Next();
        p.SkipName();
        if (p.Token.Type != TokenType.Extends) return;
        p.Next();
        SkipType(p, Conditional.Refused);
        if (conditional == Conditional.Allowed && p.Token.Type == TokenType.Question) p.State.TookExtends = true;
    }

    // T[], T[K].
    private static void SkipPostfixType(ProgramParser p)
    {
        SkipPrimaryType(p);
        while (p.Token.Type == TokenType.LeftBracket && !p.Token.NewlineBefore)
        {
            p.Next();
            if (p.Token.Type != TokenType.RightBracket) SkipType(p);
            p.Expect(TokenType.RightBracket);
        }
    }

    /// <summary>Reads a type, or a type predicate of a function's result: 'x is T', 'asserts x', 'asserts x is T'.</summary>
    private static void SkipReturnType(ProgramParser p)
    {
        if (p.Token.Type == TokenType.Identifier && !p.Is(KnownName.Asserts))
        {
            int next = p.PeekToken(p.Token.End, out bool newline);
            if (!newline && p.IsWordAt(next, "is"))
            {
                p.Next();
                p.Next();
            }
        }

        SkipType(p);
    }
}
