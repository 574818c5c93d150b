using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Type arguments and type parameters, in types and in expressions.</summary>
internal sealed partial class ProgramParser
{
    /// <summary>Reads the types between angle brackets.</summary>
    private void SkipTypeArguments()
    {
        int end = Token.LastEnd;
        int open = Token.Start;
        SplitAngle(TokenType.Less);
        if (!Enter()) return;
        Next();
        do
        {
            SkipType();
        }
        while (Eat(TokenType.Comma) && !Failed);
        bool isWhole = Token.Type == TokenType.Greater;
        SkipGreater();
        if (Token.Trials > 0) Memory.TypeArguments[open] = isWhole && !Failed && CanFollowTypeArguments();
        Leave();
        Token.LastEnd = end;
    }

    private void SkipGreater()
    {
        // Accepts longer operators that begin with it: '>>', '>=', '>>>='.
        if (Peek(Token.Start) == '>' && Token.Type != TokenType.End) SplitAngle(TokenType.Greater);

        if (Token.Type == TokenType.Greater) Next();
        else Unexpected("',' or '>'");
    }

    /// <summary>Reads a list of types behind an operand. If the bracket is an operator, returns false and reads nothing.</summary>
    private bool TrySkipTypeArguments()
    {
        if (Memory.TypeArguments.TryGetValue(Token.Start, out bool isList) && !isList) return false;
        int open = Token.Start;
        Checkpoint place = BeginTrial();
        SkipTypeArguments();
        if (!Failed && Memory.TypeArguments[open])
        {
            Accept();
            return true;
        }

        Reject(in place);
        Memory.TypeArguments[open] = false;
        return false;
    }

    /// <summary>True if the token behind the closing bracket proves that a list of types ended there.</summary>
    private bool CanFollowTypeArguments() => Token.Type switch
    {
        TokenType.LeftParenthesis or TokenType.Template => true,
        TokenType.Less or TokenType.Plus or TokenType.Minus => false,
        TokenType.Greater or TokenType.GreaterOrEqual or TokenType.ShiftRight or TokenType.ShiftRightUnsigned => false,
        TokenType.ShiftRightAssign or TokenType.ShiftRightUnsignedAssign => false,
        >= TokenType.Equal and <= TokenType.QuestionQuestion => true,
        TokenType.Identifier => Token.NewlineBefore || (!Token.HasEscape && Token.Name is KnownName.As or KnownName.Satisfies),
        TokenType.PrivateName or TokenType.EscapedReservedWord => Token.NewlineBefore,
        _ => Token.NewlineBefore || !BeginsExpression(),
    };

    /// <summary>Reads optional type parameters behind a name.</summary>
    private void SkipTypeParameters()
    {
        if (Token.Type != TokenType.Less) return;
        int end = Token.LastEnd;
        Next();
        do
        {
            SkipTypeParameter();
        }
        while (Eat(TokenType.Comma) && Token.Type != TokenType.Greater && !Failed);
        SkipGreater();
        Token.LastEnd = end;
    }

    // 'const in out T extends U = V'.
    private void SkipTypeParameter()
    {
        while (Token.Type is TokenType.Const or TokenType.In || (Is(KnownName.Out) && WordFollows())) Next();
        if (Token.Type == TokenType.Identifier && IsModifier(Token.Name) && WordFollows()) Unexpected();
        SkipName();
        if (Eat(TokenType.Extends)) SkipType();
        if (Eat(TokenType.Assign)) SkipType();
    }

    private static bool IsModifier(int name) =>
        IsAccessModifier(name) || name is KnownName.Declare or KnownName.Abstract or KnownName.Static or KnownName.Accessor or KnownName.Async;

    private bool WordFollows()
    {
        int next = PeekToken(Token.Position, out bool newline);
        return !newline && IsAnyWordAt(next);
    }

    /// <summary>Reads the parameters of a function type or signature.</summary>
    private void SkipTypeParameterList()
    {
        Expect(TokenType.LeftParenthesis);
        while (Token.Type != TokenType.RightParenthesis && !Failed)
        {
            while (Token.Type == TokenType.Identifier && !Token.HasEscape && IsAccessModifier(Token.Name) && NameFollows()) Next();
            Eat(TokenType.Ellipsis);
            SkipTypeParameterTarget();
            Eat(TokenType.Question);
            SkipAnnotation();
            if (Token.Type == TokenType.Assign) Unexpected("',' or ')'");
            Separate(TokenType.RightParenthesis);
        }

        Next();
    }

    private bool NameFollows()
    {
        int next = PeekToken(Token.Position, out bool newline);
        return !newline && IsNameAt(next);
    }

    private void SkipTypeParameterTarget()
    {
        if (Token.Type is TokenType.LeftBrace or TokenType.LeftBracket)
        {
            State.Ambient++;
            ParseBindingTarget();
            State.Ambient--;
        }
        else if (Token.Type == TokenType.This)
        {
            Next();
        }
        else
        {
            SkipName();
        }
    }
}
