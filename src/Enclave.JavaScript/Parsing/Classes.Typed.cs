using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Classes with types: modifiers, overloads, index signatures, implements.</summary>
internal static partial class Classes
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
    private static bool BeginsClassTypes(ProgramParser p)
    {
        if (!p.Is(KnownName.Implements)) return p.Token.Type == TokenType.Less;
        int next = p.PeekToken(p.Token.Position, out _);
        return p.IsAnyWordAt(next) && !p.IsWordAt(next, "extends");
    }

    private static void SkipImplements(ProgramParser p)
    {
        if (!p.Is(KnownName.Implements)) return;
        int end = p.Token.LastEnd;
        p.Next();
        SkipHeritageList(p);
        p.Token.LastEnd = end;
    }

    public static void SkipHeritageList(ProgramParser p)
    {
        do
        {
            if (!p.Enter()) return;
            if (p.Is(KnownName.Implements)) p.Unexpected("a type");
            Cover cover = Cover.Nothing;
            LeftHandSides.ParseLeftHandSide(p, ref cover, ForInit.None);
            Patterns.CheckExpression(p, in cover);
            if (p.Token.Type == TokenType.Less) Types.SkipTypeArguments(p);
            p.Leave();
        }
        while (p.Eat(TokenType.Comma) && !p.Failed);
    }

    /// <summary>Reads a member of a class. Null if it consists of types only.</summary>
    private static Node? ParseTypedMember(ProgramParser p, bool isDerived)
    {
        int staticAt = -1;
        Modifiers modifiers = Modifiers.None;
        while (p.Token.Type == TokenType.Identifier && !p.Token.HasEscape && ReadModifier(p, ref modifiers, ref staticAt)) { }
        if (p.Failed) return null;
        int start = staticAt >= 0 ? staticAt : p.Token.Start;
        bool isStatic = (modifiers & Modifiers.Static) != 0;
        if (isStatic && p.Token.Type == TokenType.LeftBrace) return ParseStaticBlock(p, start);
        if (p.Token.Type == TokenType.LeftBracket && Types.BeginsIndexSignature(p))
        {
            Types.SkipIndexSignature(p);
            p.Semicolon();
            return null;
        }

        bool isDescribed = (modifiers & Modifiers.Described) != 0;
        if (isDescribed) p.State.Ambient++;
        Node? member = ParseNamedMember(p, start, isStatic, isDerived);
        if (isDescribed) p.State.Ambient--;
        return isDescribed ? null : member;
    }

    /// <summary>Reads a word if it modifies the member behind it.</summary>
    private static bool ReadModifier(ProgramParser p, ref Modifiers modifiers, ref int staticAt)
    {
        int name = p.Token.Name;
        if (!Types.IsAccessModifier(name) && name is not (KnownName.Static or KnownName.Declare or KnownName.Abstract or KnownName.Accessor)) return false;
        int next = p.PeekToken(p.Token.Position, out bool newline);
        char c = p.Peek(next);
        bool beginsMember = Types.BeginsNameAt(p, next) || c == '*' || (c == '{' && name == KnownName.Static)
            || (c == '.' && CharacterTable.Is(p.Peek(next + 1), CharacterTable.Digit));
        if (!beginsMember || (newline && name != KnownName.Static)) return false;
        if (name == KnownName.Accessor && p.State.Ambient == 0) p.NotErasable(p.Token.Start, "'accessor'", "write a private field with a getter and a setter");
        if (name == KnownName.Static)
        {
            if (staticAt >= 0) return false;
            staticAt = p.Token.Start;
            modifiers |= Modifiers.Static;
        }
        else if (name is KnownName.Declare or KnownName.Abstract)
        {
            modifiers |= Modifiers.Described;
        }

        p.Drop();
        return true;
    }

    private static Node? ParseNamedMember(ProgramParser p, int start, bool isStatic, bool isDerived)
    {
        PropertyName name = default;
        (FunctionForm form, MethodKind kind) = ParseElementHead(p, ref name);
        if (!p.DropIf(TokenType.Question) && !p.Token.NewlineBefore && p.DropIf(TokenType.Not) && p.Token.Type is TokenType.LeftParenthesis or TokenType.Less)
            p.Unexpected("':'");
        if (p.Token.Type is TokenType.LeftParenthesis or TokenType.Less || kind != MethodKind.Method || form != FunctionForm.Plain)
        {
            return ParseClassMethod(p, start, isStatic, name, kind, form, isDerived, BodyRule.MayBeMissing);
        }

        Types.SkipAnnotation(p);
        return ParseField(p, start, isStatic, name);
    }
}
