using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Type arguments and type parameters, in types and in expressions.</summary>
internal sealed partial class ProgramParser
{
    /// <summary>Reads the types between angle brackets.</summary>
    private void SkipTypeArguments()
    {
        int end = LastEnd;
        int open = Start;
        SplitAngle(TokenType.Less);
        if (!Enter()) return;
        Next();
        do
        {
            SkipType();
        }
        while (Eat(TokenType.Comma) && !Failed);
        bool isWhole = Type == TokenType.Greater;
        SkipGreater();
        if (Trials > 0) _typeArgumentVerdicts[open] = isWhole && !Failed && CanFollowTypeArguments();
        Leave();
        LastEnd = end;
    }

    private void SkipGreater()
    {
        // Accepts longer operators that begin with it: '>>', '>=', '>>>='.
        if (Peek(Start) == '>' && Type != TokenType.End) SplitAngle(TokenType.Greater);

        if (Type == TokenType.Greater) Next();
        else Unexpected("',' or '>'");
    }

    /// <summary>Reads a list of types behind an operand. If the bracket is an operator, returns false and reads nothing.</summary>
    private bool TrySkipTypeArguments()
    {
        if (_typeArgumentVerdicts.TryGetValue(Start, out bool isList) && !isList) return false;
        int open = Start;
        ParserPlace place = BeginTrial();
        SkipTypeArguments();
        if (!Failed && _typeArgumentVerdicts[open])
        {
            Accept();
            return true;
        }

        Reject(in place);
        _typeArgumentVerdicts[open] = false;
        return false;
    }

    /// <summary>True if the token behind the closing bracket proves that a list of types ended there.</summary>
    private bool CanFollowTypeArguments() => Type switch
    {
        TokenType.LeftParenthesis or TokenType.Template => true,
        TokenType.Less or TokenType.Plus or TokenType.Minus => false,
        TokenType.Greater or TokenType.GreaterOrEqual or TokenType.ShiftRight or TokenType.ShiftRightUnsigned => false,
        TokenType.ShiftRightAssign or TokenType.ShiftRightUnsignedAssign => false,
        >= TokenType.Equal and <= TokenType.QuestionQuestion => true,
        TokenType.Identifier => NewlineBefore || (!HasEscape && Name is KnownName.As or KnownName.Satisfies),
        TokenType.PrivateName or TokenType.EscapedReservedWord => NewlineBefore,
        _ => NewlineBefore || !BeginsExpression(),
    };

    /// <summary>Reads optional type parameters behind a name.</summary>
    private void SkipTypeParameters()
    {
        if (Type != TokenType.Less) return;
        int end = LastEnd;
        Next();
        do
        {
            SkipTypeParameter();
        }
        while (Eat(TokenType.Comma) && Type != TokenType.Greater && !Failed);
        SkipGreater();
        LastEnd = end;
    }

    // 'const in out T extends U = V'.
    private void SkipTypeParameter()
    {
        while (Type is TokenType.Const or TokenType.In || (Is(KnownName.Out) && WordFollows())) Next();
        if (Type == TokenType.Identifier && IsModifier(Name) && WordFollows()) Unexpected();
        SkipName();
        if (Eat(TokenType.Extends)) SkipType();
        if (Eat(TokenType.Assign)) SkipType();
    }

    private static bool IsModifier(int name) =>
        IsAccessModifier(name) || name is KnownName.Declare or KnownName.Abstract or KnownName.Static or KnownName.Accessor or KnownName.Async;

    private bool WordFollows()
    {
        int next = PeekToken(Position, out bool newline);
        return !newline && IsAnyWordAt(next);
    }

    /// <summary>Reads the parameters of a function type or signature.</summary>
    private void SkipTypeParameterList()
    {
        Expect(TokenType.LeftParenthesis);
        while (Type != TokenType.RightParenthesis && !Failed)
        {
            while (Type == TokenType.Identifier && !HasEscape && IsAccessModifier(Name) && IsNameAt(PeekToken(Position, out bool newline)) && !newline) Next();
            Eat(TokenType.Ellipsis);
            SkipTypeParameterTarget();
            Eat(TokenType.Question);
            SkipAnnotation();
            if (Type == TokenType.Assign) Unexpected("',' or ')'");
            Separate(TokenType.RightParenthesis);
        }

        Next();
    }

    private void SkipTypeParameterTarget()
    {
        if (Type is TokenType.LeftBrace or TokenType.LeftBracket)
        {
            _ambient++;
            ParseBindingTarget();
            _ambient--;
        }
        else if (Type == TokenType.This)
        {
            Next();
        }
        else
        {
            SkipName();
        }
    }
}
