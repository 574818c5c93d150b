using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>TypeScript in expressions: as, satisfies, !, type arguments and assertions in angle brackets.</summary>
internal static class Assertions
{
    // They have the precedence of the relational operators (7 in Precedences).
    public static int AssertionPrecedence(ProgramParser p) =>
        p.Token.Type == TokenType.Identifier && !p.Token.NewlineBefore && !p.Token.HasEscape && p.Token.Name is KnownName.As or KnownName.Satisfies ? 7 : 0;

    /// <summary>True if the word behind 'async' asserts its type: 'async as T', and not 'async as => …'.</summary>
    public static bool BeginsAssertion(ProgramParser p)
    {
        if (AssertionPrecedence(p) == 0) return false;
        int next = p.PeekToken(p.Token.Position, out _);
        return p.Peek(next) != '=' || p.Peek(next + 1) != '>';
    }

    // 'x as T', 'x as const', 'x satisfies T', from the word on.
    public static void SkipAssertion(ProgramParser p)
    {
        int end = p.Token.LastEnd;
        Enums.NoteErased(p);
        bool isAs = p.Token.Name == KnownName.As;
        p.Next();
        if (!isAs || !p.Eat(TokenType.Const)) Types.SkipType(p);
        p.Token.LastEnd = end;
        p.State.AssertedAt = p.State.ErasedAt = p.Token.Start;
    }

    // '(x as T) => …' has no parameter, '(x as T) = …' has a target.
    public static void NoBinding(int start, ref Cover cover)
    {
        if (cover.ParenthesizedBinding < 0) cover.ParenthesizedBinding = start;
    }

    public static bool BeginsErased(ProgramParser p) =>
        p.Token.Type == TokenType.Not ? !p.Token.NewlineBefore : p.Token.Type is TokenType.Less or TokenType.ShiftLeft;

    /// <summary>Reads '!' and type arguments behind an operand. False if there are none.</summary>
    public static bool SkipErased(ProgramParser p)
    {
        bool found = false;
        while (BeginsErased(p) && !p.Failed)
        {
            if (p.Token.Type == TokenType.Not)
            {
                Enums.NoteErased(p);
                p.Drop();
            }
            else
            {
                if (!Types.TrySkipTypeArguments(p)) break;
                bool isAccess = p.Token.Type == TokenType.Dot || (p.Token.Type == TokenType.QuestionDot && p.IsAnyWordAt(p.PeekToken(p.Token.Position, out _)));
                if (isAccess) p.Unexpected("a call behind the types, or parentheses around what stands in front of them");
            }

            found = true;
            p.State.ErasedAt = p.Token.Start;
        }

        return found;
    }

    private enum Angle : byte
    {
        /// <summary>&lt;T&gt; before an operand, to assert that it is a T.</summary>
        Assertion,

        /// <summary>The type parameters of an arrow function.</summary>
        Parameters,

        /// <summary>A single name: the token behind the angle brackets decides between an assertion and type parameters.</summary>
        Name,
    }

    // An assertion before an operand, or a generic arrow function.
    public static Expression ParseAngle(ProgramParser p, ForInit init, ref Cover cover)
    {
        Angle angle = p.State.ArrowAt == p.Token.Start ? LookIntoAngle(p) : Angle.Assertion;
        if (angle == Angle.Assertion) return ParseAngleAssertion(p, init);
        Types.SkipTypeParameters(p);
        if (p.Token.Type != TokenType.LeftParenthesis && angle == Angle.Parameters) p.Unexpected("'('");
        if (!p.Enter()) return Placeholder.Missing;
        p.State.ArrowAt = p.Token.Type == TokenType.LeftParenthesis ? p.Token.Start : -1;
        p.State.ArrowInit = init;
        Expression expression = angle == Angle.Parameters
            ? Primaries.ParsePrimary(p, ref cover, init)
            : Expressions.ParseUnary(p, init, ref cover, UnaryPlace.AfterOperator);
        p.Leave();
        if (Expressions.IsArrow(p, expression)) return expression;
        if (angle == Angle.Parameters) p.Unexpected("'=>'");
        Patterns.CheckExpression(p, in cover);
        p.State.AssertedAt = p.State.ErasedAt = p.Token.Start;
        return expression;
    }

    private static Angle LookIntoAngle(ProgramParser p)
    {
        int at = p.PeekToken(p.Token.Position, out _);
        bool isConst = p.IsWordAt(at, "const");
        if (isConst) at = p.PeekToken(at + 5, out _);
        if (!p.IsNameAt(at)) return Angle.Assertion;
        if (isConst) return Angle.Parameters;
        bool isOperator = p.IsWordAt(at, "infer") || p.IsWordAt(at, "keyof") || p.IsWordAt(at, "readonly") || p.IsWordAt(at, "unique");
        at = p.PeekToken(p.WordEnd(at), out _);
        if (p.Peek(at) is ',' or '=' || p.IsWordAt(at, "extends")) return Angle.Parameters;
        return p.Peek(at) == '>' && !isOperator ? Angle.Name : Angle.Assertion;
    }

    private static Expression ParseAngleAssertion(ProgramParser p, ForInit init)
    {
        p.Next();
        if (!p.Eat(TokenType.Const)) Types.SkipType(p);
        Types.SkipGreater(p);
        Expression operand = Expressions.ParseOperand(p, init, UnaryPlace.AfterOperator);
        Enums.NoteErased(p);
        p.State.AssertedAt = p.State.ErasedAt = p.Token.Start;
        return operand;
    }
}
