using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>TypeScript in expressions: as, satisfies, !, type arguments and assertions in angle brackets.</summary>
internal sealed partial class ProgramParser
{
    // They have the precedence of the relational operators (7 in Precedences).
    private int AssertionPrecedence() =>
        Token.Type == TokenType.Identifier && !Token.NewlineBefore && !Token.HasEscape && Token.Name is KnownName.As or KnownName.Satisfies ? 7 : 0;

    // 'x as T', 'x as const', 'x satisfies T', from the word on.
    private void SkipAssertion()
    {
        int end = Token.LastEnd;
        NoteErased();
        bool isAs = Token.Name == KnownName.As;
        Next();
        if (!isAs || !Eat(TokenType.Const)) SkipType();
        Token.LastEnd = end;
        State.AssertedAt = State.ErasedAt = Token.Start;
    }

    // '(x as T) => …' has no parameter, '(x as T) = …' has a target.
    private static void NoBinding(int start, ref Cover cover)
    {
        if (cover.ParenthesizedBinding < 0) cover.ParenthesizedBinding = start;
    }

    private bool BeginsErased() => Token.Type == TokenType.Not ? !Token.NewlineBefore : Token.Type is TokenType.Less or TokenType.ShiftLeft;

    /// <summary>Reads '!' and type arguments behind an operand. False if there are none.</summary>
    private bool SkipErased()
    {
        bool found = false;
        while (BeginsErased() && !Failed)
        {
            if (Token.Type == TokenType.Not)
            {
                NoteErased();
                Drop();
            }
            else
            {
                if (!TrySkipTypeArguments()) break;
                bool isAccess = Token.Type == TokenType.Dot || (Token.Type == TokenType.QuestionDot && IsAnyWordAt(PeekToken(Token.Position, out _)));
                if (isAccess) Unexpected("a call behind the types, or parentheses around what stands in front of them");
            }

            found = true;
            State.ErasedAt = Token.Start;
        }

        return found;
    }

    private enum Angle : byte
    {
        /// <summary>&lt;T&gt; before an operand, to assert that it is a T.</summary>
        Assertion,

        /// <summary>The type parameters of an arrow function.</summary>
        Parameters,

        /// <summary>A single name: the token behind it decides between the two.</summary>
        Name,
    }

    // An assertion before an operand, or a generic arrow function.
    private Expression ParseAngle(ForInit init, ref Cover cover)
    {
        Angle angle = State.ArrowAt == Token.Start ? LookIntoAngle() : Angle.Assertion;
        if (angle == Angle.Assertion) return ParseAngleAssertion(init);
        SkipTypeParameters();
        if (Token.Type != TokenType.LeftParenthesis && angle == Angle.Parameters) Unexpected("'('");
        if (!Enter()) return s_missing;
        State.ArrowAt = Token.Type == TokenType.LeftParenthesis ? Token.Start : -1;
        State.ArrowInit = init;
        Expression expression = angle == Angle.Parameters ? ParsePrimary(ref cover, init) : ParseUnary(init, ref cover, UnaryPlace.AfterOperator);
        Leave();
        if (IsArrow(expression)) return expression;
        if (angle == Angle.Parameters) Unexpected("'=>'");
        CheckExpression(in cover);
        State.AssertedAt = State.ErasedAt = Token.Start;
        return expression;
    }

    private Angle LookIntoAngle()
    {
        int at = PeekToken(Token.Position, out _);
        bool isConst = IsWordAt(at, "const");
        if (isConst) at = PeekToken(at + 5, out _);
        if (!IsNameAt(at)) return Angle.Assertion;
        if (isConst) return Angle.Parameters;
        bool isOperator = IsWordAt(at, "infer") || IsWordAt(at, "keyof") || IsWordAt(at, "readonly") || IsWordAt(at, "unique");
        at = PeekToken(WordEnd(at), out _);
        if (Peek(at) is ',' or '=' || IsWordAt(at, "extends")) return Angle.Parameters;
        return Peek(at) == '>' && !isOperator ? Angle.Name : Angle.Assertion;
    }

    private Expression ParseAngleAssertion(ForInit init)
    {
        Next();
        if (!Eat(TokenType.Const)) SkipType();
        SkipGreater();
        Expression operand = ParseOperand(init, UnaryPlace.AfterOperator);
        NoteErased();
        State.AssertedAt = State.ErasedAt = Token.Start;
        return operand;
    }
}
