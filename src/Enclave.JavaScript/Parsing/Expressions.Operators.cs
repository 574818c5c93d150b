using System.Runtime.CompilerServices;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Binary, logical, unary and update operators (ECMA-262 13.4 to 13.13).</summary>
internal static partial class Expressions
{
    private const byte LogicalAnd = 2;

    private const string ParenthesesAroundUnary = "parentheses around the unary expression, or around the power";

    // Precedence from the tables of 13.6 to 13.13. 0 means no operator. ** is read with its operands.
    private static ReadOnlySpan<byte> Precedences =>
    [
        6, 6, 6, 6,
        7, 7, 7, 7,
        8, 8, 8,
        9, 9,
        10, 10, 10,
        0,
        3, 4, 5,
        7, 7,
        1, LogicalAnd, 1,
    ];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PrecedenceHere(ProgramParser p, ForInit init)
    {
        int index = p.Token.Type - TokenType.Equal;
        if ((uint)index >= (uint)Precedences.Length) return p.IsTyped ? Assertions.AssertionPrecedence(p) : 0;
        return p.Token.Type == TokenType.In && init is ForInit.Head or ForInit.AwaitHead ? 0 : Precedences[index];
    }

    private static Expression ParseBinary(ProgramParser p, ForInit init, ref Cover cover)
    {
        int start = p.Token.Start;
        int outerChain = p.State.Chain;
        p.State.Chain = 0;
        Expression left = ParseUnary(p, init, ref cover, UnaryPlace.Operand);
        if (PrecedenceHere(p, init) != 0 && !cover.IsNoExpression && !IsArrow(p, left)) left = ParseOperators(p, left, start, 0, init);
        if (p.IsTyped && p.State.AssertedAt == p.Token.Start) Assertions.NoBinding(start, ref cover);
        if (outerChain > p.State.Chain) p.State.Chain = outerChain;
        return left;
    }

    /// <summary>Reads operators with a precedence above a bound, and their right operands.</summary>
    private static Expression ParseOperators(ProgramParser p, Expression left, int start, int bound, ForInit init)
    {
        while (PrecedenceHere(p, init) is var precedence && precedence > bound)
        {
            TokenType token = p.Token.Type;
            if (token == TokenType.Identifier)
            {
                Assertions.SkipAssertion(p);
                if (p.Token.Type == TokenType.StarStar) left = ParsePowerOfAsserted(p, start, left, init);
                continue;
            }

            // The operands of ?? do not take in || or &&, so the check below sees them.
            bool coalesces = token == TokenType.QuestionQuestion;
            bool isLogical = token is TokenType.BarBar or TokenType.AmpersandAmpersand;
            p.Next();
            int chain = p.Lengthen(p.State.Chain);
            p.State.Chain = 0;
            int rightStart = p.Token.Start;
            Cover cover = Cover.Nothing;
            Expression right = ParseUnary(p, init, ref cover, UnaryPlace.Operand);
            Patterns.CheckExpression(p, in cover);
            if (!IsArrow(p, right)) right = ParseOperators(p, right, rightStart, coalesces ? LogicalAnd : precedence, init);
            if (right.Kind == NodeKind.PrivateIdentifier) p.EarlyError(right.Start, "A private name can only stand to the left of 'in'");
            if (chain > p.State.Chain) p.State.Chain = chain;
            left = Combine(p, start, left, token, right);
            // 13.13: ?? cannot be mixed with || and && without parentheses.
            if (coalesces ? p.Token.Type is TokenType.BarBar or TokenType.AmpersandAmpersand : isLogical && p.Token.Type == TokenType.QuestionQuestion)
            {
                p.Fail(ParseErrorCode.Syntax, p.Token.Start, "'??' cannot stand next to '||' or '&&' without parentheses around one of them");
            }
        }

        return left;
    }

    private static Expression Combine(ProgramParser p, int start, Expression left, TokenType token, Expression right) =>
        token >= TokenType.BarBar
            ? new LogicalExpression(start, p.Token.LastEnd, left, (LogicalOperator)(token - TokenType.BarBar), right)
            : new BinaryExpression(start, p.Token.LastEnd, left, (BinaryOperator)(token - TokenType.Equal), right);

    // 13.4 Update Expressions, 13.5 Unary Operators, 13.6 Exponentiation Operator, 15.8 AwaitExpression.
    public static Expression ParseUnary(ProgramParser p, ForInit init, ref Cover cover, UnaryPlace place)
    {
        int start = p.Token.Start;
        bool isOperator = false;
        Expression expression;
        switch (p.Token.Type)
        {
            case TokenType.Identifier when p.Token.Name == KnownName.Await && p.Allows(SyntaxContext.Await) && !p.Token.HasEscape:
                expression = ParseAwait(p, init);
                isOperator = true;
                break;
            case TokenType.Increment or TokenType.Decrement:
                expression = ParsePrefixUpdate(p, init);
                break;
            case TokenType.Not or TokenType.Tilde or TokenType.Plus or TokenType.Minus or TokenType.TypeOf or TokenType.Void or TokenType.Delete:
                expression = ParseUnaryOperator(p, init);
                isOperator = true;
                break;
            case TokenType.Less when p.IsTyped && place != UnaryPlace.AfterUpdate:
                expression = Assertions.ParseAngle(p, init, ref cover);
                isOperator = !IsArrow(p, expression);
                break;
            case TokenType.PrivateName when place == UnaryPlace.Operand:
                return ParsePrivateOperand(p, init);
            default:
                expression = ParsePostfix(p, init, ref cover);
                break;
        }

        if (p.Token.Type != TokenType.StarStar || cover.IsNoExpression || IsArrow(p, expression)) return expression;
        if (place == UnaryPlace.AfterUpdate) return expression;
        if (isOperator || place == UnaryPlace.AfterOperator)
        {
            p.Unexpected(ParenthesesAroundUnary);
            return Placeholder.Missing;
        }

        return ParsePower(p, start, expression, init);
    }

    private static Expression ParsePower(ProgramParser p, int start, Expression left, ForInit init)
    {
        if (!p.Enter()) return Placeholder.Missing;
        p.Next();
        Cover cover = Cover.Nothing;
        Expression right = ParseUnary(p, init, ref cover, UnaryPlace.Operand);
        Patterns.CheckExpression(p, in cover);
        if (right.Kind == NodeKind.PrivateIdentifier) p.EarlyError(right.Start, "A private name can only stand to the left of 'in'");
        p.Leave();
        return new BinaryExpression(start, p.Token.LastEnd, left, BinaryOperator.Power, right);
    }

    // 'x as T ** y' is '(x as T) ** y'. As without the type, a unary expression needs parentheses.
    private static Expression ParsePowerOfAsserted(ProgramParser p, int start, Expression left, ForInit init)
    {
        if (left.Start == start && left.Kind is NodeKind.UnaryExpression or NodeKind.AwaitExpression) p.Unexpected(ParenthesesAroundUnary);
        int chain = p.Lengthen(p.State.Chain);
        p.State.Chain = 0;
        Expression power = ParsePower(p, start, left, init);
        if (chain > p.State.Chain) p.State.Chain = chain;
        return power;
    }

    /// <summary>Reads the operand of a prefix operator.</summary>
    public static Expression ParseOperand(ProgramParser p, ForInit init, UnaryPlace place)
    {
        if (!p.Enter()) return Placeholder.Missing;
        Cover cover = Cover.Nothing;
        Expression operand = ParseUnary(p, init, ref cover, place);
        Patterns.CheckExpression(p, in cover);
        p.Leave();
        return operand;
    }

    private static UpdateExpression ParsePrefixUpdate(ProgramParser p, ForInit init)
    {
        int start = p.Token.Start;
        UpdateOperator update = p.Token.Type == TokenType.Increment ? UpdateOperator.Increment : UpdateOperator.Decrement;
        p.Next();
        Expression argument = ParseOperand(p, init, UnaryPlace.AfterUpdate);
        Patterns.CheckSimpleTarget(p, argument);
        return new UpdateExpression(start, p.Token.LastEnd, update, true, argument);
    }

    private static UnaryExpression ParseUnaryOperator(ProgramParser p, ForInit init)
    {
        int start = p.Token.Start;
        UnaryOperator unary = p.Token.Type switch
        {
            TokenType.Minus => UnaryOperator.Minus,
            TokenType.Plus => UnaryOperator.Plus,
            TokenType.Not => UnaryOperator.Not,
            TokenType.Tilde => UnaryOperator.BitwiseNot,
            TokenType.TypeOf => UnaryOperator.TypeOf,
            TokenType.Void => UnaryOperator.Void,
            _ => UnaryOperator.Delete,
        };
        p.Next();
        Expression argument = ParseOperand(p, init, UnaryPlace.AfterOperator);
        if (unary == UnaryOperator.Delete) CheckDelete(p, start, argument);
        return new UnaryExpression(start, p.Token.LastEnd, unary, argument);
    }

    // 13.5.1.1.
    private static void CheckDelete(ProgramParser p, int start, Expression argument)
    {
        if (p.State.Function.Strict && argument.Kind == NodeKind.Identifier) p.EarlyError(start, "A variable cannot be deleted in strict code");
        Expression access = argument is ChainExpression chain ? chain.Expression : argument;
        if (access is MemberExpression { Property.Kind: NodeKind.PrivateIdentifier }) p.EarlyError(start, "A private member cannot be deleted");
    }

    private static AwaitExpression ParseAwait(ProgramParser p, ForInit init)
    {
        int start = p.Token.Start;
        if (p.State.Function.AwaitAt == 0) p.State.Function.AwaitAt = start + 1;
        p.Next();
        Expression argument = ParseOperand(p, init, UnaryPlace.AfterOperator);
        return new AwaitExpression(start, p.Token.LastEnd, argument);
    }

    // 13.10: PrivateIdentifier in ShiftExpression.
    private static PrivateIdentifier ParsePrivateOperand(ProgramParser p, ForInit init)
    {
        PrivateIdentifier name = Identifiers.ParsePrivateName(p);
        if (p.Token.Type != TokenType.In || init is ForInit.Head or ForInit.AwaitHead) p.Unexpected("'in' behind the private name");
        return name;
    }

    private static Expression ParsePostfix(ProgramParser p, ForInit init, ref Cover cover)
    {
        int start = p.Token.Start;
        Expression expression = LeftHandSides.ParseLeftHandSide(p, ref cover, init);
        if (p.Token.Type is not (TokenType.Increment or TokenType.Decrement) || p.Token.NewlineBefore || cover.IsNoExpression) return expression;
        UpdateOperator update = p.Token.Type == TokenType.Increment ? UpdateOperator.Increment : UpdateOperator.Decrement;
        Patterns.CheckSimpleTarget(p, expression);
        p.Next();
        return new UpdateExpression(start, p.Token.LastEnd, update, false, expression);
    }
}
