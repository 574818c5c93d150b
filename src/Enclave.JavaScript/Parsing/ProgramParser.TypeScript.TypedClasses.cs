using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Classes with types: modifiers, overloads, index signatures, implements.</summary>
internal sealed partial class ProgramParser
{
    [Flags]
    private enum Modifiers : byte
    {
        None = 0,
        Static = 1,

        /// <summary>declare or abstract: the member is only described.</summary>
        Described = 2,
    }

    // A class without a name may begin with its type parameters, or with implements.
    private bool BeginsClassTypes()
    {
        if (!Is(KnownName.Implements)) return Token.Type == TokenType.Less;
        int next = PeekToken(Token.Position, out _);
        return IsAnyWordAt(next) && !IsWordAt(next, "extends");
    }

    private void SkipImplements()
    {
        if (!Is(KnownName.Implements)) return;
        int end = Token.LastEnd;
        Next();
        SkipHeritageList();
        Token.LastEnd = end;
    }

    private void SkipHeritageList()
    {
        do
        {
            if (!Enter()) return;
            Cover cover = Cover.Nothing;
            ParseLeftHandSide(ref cover, ForInit.None);
            CheckExpression(in cover);
            if (Token.Type == TokenType.Less) SkipTypeArguments();
            Leave();
        }
        while (Eat(TokenType.Comma) && !Failed);
    }

    /// <summary>Reads a member of a class. Null if it consists of types only.</summary>
    private Node? ParseTypedMember(bool isDerived)
    {
        int staticAt = -1;
        Modifiers modifiers = Modifiers.None;
        while (Token.Type == TokenType.Identifier && !Token.HasEscape && ReadModifier(ref modifiers, ref staticAt)) { }
        if (Failed) return null;
        int start = staticAt >= 0 ? staticAt : Token.Start;
        bool isStatic = (modifiers & Modifiers.Static) != 0;
        if (isStatic && Token.Type == TokenType.LeftBrace) return ParseStaticBlock(start);
        if (Token.Type == TokenType.LeftBracket && BeginsIndexSignature())
        {
            SkipIndexSignature();
            Semicolon();
            return null;
        }

        bool isDescribed = (modifiers & Modifiers.Described) != 0;
        if (isDescribed) State.Ambient++;
        Node? member = ParseNamedMember(start, isStatic, isDerived);
        if (isDescribed) State.Ambient--;
        return isDescribed ? null : member;
    }

    /// <summary>Reads a word if it modifies the member behind it.</summary>
    private bool ReadModifier(ref Modifiers modifiers, ref int staticAt)
    {
        int name = Token.Name;
        if (!IsAccessModifier(name) && name is not (KnownName.Static or KnownName.Declare or KnownName.Abstract or KnownName.Accessor)) return false;
        int next = PeekToken(Token.Position, out bool newline);
        char c = Peek(next);
        bool beginsMember = BeginsNameAt(next) || c == '*' || (c == '{' && name == KnownName.Static)
            || (c == '.' && CharacterTable.Is(Peek(next + 1), CharacterTable.Digit));
        if (!beginsMember || (newline && name != KnownName.Static)) return false;
        if (name == KnownName.Accessor && State.Ambient == 0) NotErasable(Token.Start, "'accessor'", "write a private field with a getter and a setter");
        if (name == KnownName.Static)
        {
            if (staticAt >= 0) return false;
            staticAt = Token.Start;
            modifiers |= Modifiers.Static;
        }
        else if (name is KnownName.Declare or KnownName.Abstract)
        {
            modifiers |= Modifiers.Described;
        }

        Drop();
        return true;
    }

    private Node? ParseNamedMember(int start, bool isStatic, bool isDerived)
    {
        PropertyName name = default;
        FunctionForm form = FunctionForm.Plain;
        MethodKind kind = MethodKind.Method;
        if (Is(KnownName.Async))
        {
            name = ParsePropertyName();
            if (!Token.NewlineBefore && (BeginsElementName() || Token.Type == TokenType.Star))
            {
                form = FunctionForm.Async;
                name = default;
            }
        }

        if (name.Key is null && Eat(TokenType.Star)) form |= FunctionForm.Generator;
        if (name.Key is null && form == FunctionForm.Plain && (Is(KnownName.Get) || Is(KnownName.Set)))
        {
            MethodKind accessor = Is(KnownName.Get) ? MethodKind.Get : MethodKind.Set;
            name = ParsePropertyName();
            if (BeginsElementName())
            {
                kind = accessor;
                name = default;
            }
        }

        if (name.Key is null) name = ParseElementName();
        if (!DropIf(TokenType.Question) && !Token.NewlineBefore && DropIf(TokenType.Not) && Token.Type is TokenType.LeftParenthesis or TokenType.Less)
            Unexpected("':'");
        if (Token.Type is TokenType.LeftParenthesis or TokenType.Less || kind != MethodKind.Method || form != FunctionForm.Plain)
        {
            return ParseClassMethod(start, isStatic, name, kind, form, isDerived, BodyRule.MayBeMissing);
        }

        SkipAnnotation();
        return ParseField(start, isStatic, name);
    }
}
