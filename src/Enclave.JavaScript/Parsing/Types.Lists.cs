using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Type arguments and type parameters, in types and in expressions.</summary>
internal static partial class Types
{
    /// <summary>Reads the types between angle brackets.</summary>
    public static void SkipTypeArguments(ProgramParser p)
    {
        int end = p.Token.LastEnd;
        int open = p.Token.Start;
        p.SplitAngle(TokenType.Less);
        if (!p.Enter()) return;
        p.Next();
        do
        {
            SkipType(p);
        }
        while (p.Eat(TokenType.Comma) && !p.Failed);
        bool isWhole = p.Token.Type == TokenType.Greater;
        SkipGreater(p);
        if (p.Token.Trials > 0) p.Memory.TypeArguments[open] = isWhole && !p.Failed && CanFollowTypeArguments(p);
        p.Leave();
        p.Token.LastEnd = end;
    }

    public static void SkipGreater(ProgramParser p)
    {
        // Accepts longer operators that begin with it: '>>', '>=', '>>>='.
        if (p.Peek(p.Token.Start) == '>' && p.Token.Type != TokenType.End) p.SplitAngle(TokenType.Greater);

        if (p.Token.Type == TokenType.Greater) p.Next();
        else p.Unexpected("',' or '>'");
    }

    /// <summary>Reads a list of types behind an operand. If the bracket is an operator, returns false and reads nothing.</summary>
    public static bool TrySkipTypeArguments(ProgramParser p)
    {
        if (p.Memory.TypeArguments.TryGetValue(p.Token.Start, out bool isList) && !isList) return false;
        int open = p.Token.Start;
        Checkpoint place = p.BeginTrial();
        SkipTypeArguments(p);
        if (!p.Failed && p.Memory.TypeArguments[open])
        {
            p.Accept();
            return true;
        }

        p.Reject(in place);
        p.Memory.TypeArguments[open] = false;
        return false;
    }

    /// <summary>True if the token behind the closing bracket proves that a list of types ended there.</summary>
    private static bool CanFollowTypeArguments(ProgramParser p) => p.Token.Type switch
    {
        TokenType.LeftParenthesis or TokenType.Template => true,
        TokenType.Less or TokenType.Plus or TokenType.Minus => false,
        TokenType.Greater or TokenType.GreaterOrEqual or TokenType.ShiftRight or TokenType.ShiftRightUnsigned => false,
        TokenType.ShiftRightAssign or TokenType.ShiftRightUnsignedAssign => false,
        >= TokenType.Equal and <= TokenType.QuestionQuestion => true,
        TokenType.Identifier => p.Token.NewlineBefore || (!p.Token.HasEscape && p.Token.Name is KnownName.As or KnownName.Satisfies),
        TokenType.PrivateName or TokenType.EscapedReservedWord => p.Token.NewlineBefore,
        _ => p.Token.NewlineBefore || !Expressions.BeginsExpression(p),
    };

    /// <summary>Reads optional type parameters behind a name.</summary>
    public static void SkipTypeParameters(ProgramParser p)
    {
        if (p.Token.Type != TokenType.Less) return;
        int end = p.Token.LastEnd;
        p.Next();
        do
        {
            SkipTypeParameter(p);
        }
        while (p.Eat(TokenType.Comma) && p.Token.Type != TokenType.Greater && !p.Failed);
        SkipGreater(p);
        p.Token.LastEnd = end;
    }

    // 'const in out T extends U = V'.
    private static void SkipTypeParameter(ProgramParser p)
    {
        while ((p.Token.Type is TokenType.Const or TokenType.In || p.Is(KnownName.Out)) && WordFollows(p)) p.Next();
        if (p.Token.Type == TokenType.Identifier && IsModifier(p.Token.Name) && WordFollows(p)) p.Unexpected();
        p.SkipName();
        if (p.Eat(TokenType.Extends)) SkipType(p);
        if (p.Eat(TokenType.Assign)) SkipType(p);
    }

    private static bool IsModifier(int name) =>
        IsAccessModifier(name) || name is KnownName.Declare or KnownName.Abstract or KnownName.Static or KnownName.Accessor or KnownName.Async;

    private static bool WordFollows(ProgramParser p)
    {
        int next = p.PeekToken(p.Token.Position, out bool newline);
        return !newline && p.IsAnyWordAt(next);
    }

    /// <summary>Reads the parameters of a function type or signature.</summary>
    private static void SkipTypeParameterList(ProgramParser p)
    {
        p.Expect(TokenType.LeftParenthesis);
        while (p.Token.Type != TokenType.RightParenthesis && !p.Failed)
        {
            while (p.Token.Type == TokenType.Identifier && !p.Token.HasEscape && IsAccessModifier(p.Token.Name) && NameFollows(p)) p.Next();
            p.Eat(TokenType.Ellipsis);
            SkipTypeParameterTarget(p);
            p.Eat(TokenType.Question);
            SkipAnnotation(p);
            if (p.Token.Type == TokenType.Assign) p.Unexpected("',' or ')'");
            p.Separate(TokenType.RightParenthesis);
        }

        p.Next();
    }

    private static bool NameFollows(ProgramParser p)
    {
        int next = p.PeekToken(p.Token.Position, out bool newline);
        return !newline && p.IsNameAt(next);
    }

    private static void SkipTypeParameterTarget(ProgramParser p)
    {
        if (p.Token.Type is TokenType.LeftBrace or TokenType.LeftBracket)
        {
            p.State.Ambient++;
            Patterns.ParseBindingTarget(p);
            p.State.Ambient--;
        }
        else if (p.Token.Type == TokenType.This)
        {
            p.Next();
        }
        else
        {
            p.SkipName();
        }
    }
}
