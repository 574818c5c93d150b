using System.Runtime.CompilerServices;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Binary, logical, unary and update operators (ECMA-262 13.4 to 13.13).</summary>
internal sealed partial class ProgramParser
{
    private const byte LogicalAnd = 2;

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
    private int PrecedenceHere(ForInit init)
    {
        int index = Token.Type - TokenType.Equal;
        if ((uint)index >= (uint)Precedences.Length) return IsTyped ? AssertionPrecedence() : 0;
        return Token.Type == TokenType.In && init is ForInit.Head or ForInit.AwaitHead ? 0 : Precedences[index];
    }

    private Expression ParseBinary(ForInit init, ref Cover cover)
    {
        int start = Token.Start;
        int outerChain = State.Chain;
        State.Chain = 0;
        Expression left = ParseUnary(init, ref cover, UnaryPlace.Operand);
        if (PrecedenceHere(init) != 0 && !cover.IsNoExpression && !IsArrow(left)) left = ParseOperators(left, start, 0, init);
        if (IsTyped && State.AssertedAt == Token.Start) NoBinding(start, ref cover);
        if (outerChain > State.Chain) State.Chain = outerChain;
        return left;
    }

    /// <summary>Reads operators with a precedence above a bound, and their right operands.</summary>
    private Expression ParseOperators(Expression left, int start, int bound, ForInit init)
    {
        while (PrecedenceHere(init) is var precedence && precedence > bound)
        {
            TokenType token = Token.Type;
            if (token == TokenType.Identifier)
            {
                SkipAssertion();
                continue;
            }

            // The operands of ?? do not take in || or &&, so the check below sees them.
            bool coalesces = token == TokenType.QuestionQuestion;
            bool isLogical = token is TokenType.BarBar or TokenType.AmpersandAmpersand;
            Next();
            int chain = Lengthen(State.Chain);
            State.Chain = 0;
            int rightStart = Token.Start;
            Cover cover = Cover.Nothing;
            Expression right = ParseUnary(init, ref cover, UnaryPlace.Operand);
            CheckExpression(in cover);
            if (!IsArrow(right)) right = ParseOperators(right, rightStart, coalesces ? LogicalAnd : precedence, init);
            if (right.Kind == NodeKind.PrivateIdentifier) EarlyError(right.Start, "A private name can only stand to the left of 'in'");
            if (chain > State.Chain) State.Chain = chain;
            left = Combine(start, left, token, right);
            // 13.13: ?? cannot be mixed with || and && without parentheses.
            if (coalesces ? Token.Type is TokenType.BarBar or TokenType.AmpersandAmpersand : isLogical && Token.Type == TokenType.QuestionQuestion)
            {
                Fail(ParseErrorCode.Syntax, Token.Start, "'??' cannot stand next to '||' or '&&' without parentheses around one of them");
            }
        }

        return left;
    }

    private Expression Combine(int start, Expression left, TokenType token, Expression right) =>
        token >= TokenType.BarBar
            ? new LogicalExpression(start, Token.LastEnd, left, (LogicalOperator)(token - TokenType.BarBar), right)
            : new BinaryExpression(start, Token.LastEnd, left, (BinaryOperator)(token - TokenType.Equal), right);

    /// <summary>The position of an operand.</summary>
    private enum UnaryPlace : byte
    {
        Operand,

        /// <summary>Behind a unary operator: the operand cannot be the base of **.</summary>
        AfterOperator,

        /// <summary>Behind ++ or --: the operand is not a ** expression.</summary>
        AfterUpdate,
    }

    // 13.4 Update Expressions, 13.5 Unary Operators, 13.6 Exponentiation Operator, 15.8 AwaitExpression.
    private Expression ParseUnary(ForInit init, ref Cover cover, UnaryPlace place)
    {
        int start = Token.Start;
        bool isOperator = false;
        Expression expression;
        switch (Token.Type)
        {
            case TokenType.Identifier when Token.Name == KnownName.Await && Allows(SyntaxContext.Await) && !Token.HasEscape:
                expression = ParseAwait(init);
                isOperator = true;
                break;
            case TokenType.Increment or TokenType.Decrement:
                expression = ParsePrefixUpdate(init);
                break;
            case TokenType.Not or TokenType.Tilde or TokenType.Plus or TokenType.Minus or TokenType.TypeOf or TokenType.Void or TokenType.Delete:
                expression = ParseUnaryOperator(init);
                isOperator = true;
                break;
            case TokenType.Less when IsTyped:
                expression = ParseAngle(init, ref cover);
                isOperator = !IsArrow(expression);
                break;
            case TokenType.PrivateName when place == UnaryPlace.Operand:
                return ParsePrivateOperand(init);
            default:
                expression = ParsePostfix(init, ref cover);
                break;
        }

        if (Token.Type != TokenType.StarStar || cover.IsNoExpression || IsArrow(expression)) return expression;
        if (place == UnaryPlace.AfterUpdate) return expression;
        if (isOperator || place == UnaryPlace.AfterOperator)
        {
            Unexpected("parentheses around the unary expression, or around the power");
            return s_missing;
        }

        return ParsePower(start, expression, init);
    }

    private Expression ParsePower(int start, Expression left, ForInit init)
    {
        if (!Enter()) return s_missing;
        Next();
        Cover cover = Cover.Nothing;
        Expression right = ParseUnary(init, ref cover, UnaryPlace.Operand);
        CheckExpression(in cover);
        if (right.Kind == NodeKind.PrivateIdentifier) EarlyError(right.Start, "A private name can only stand to the left of 'in'");
        Leave();
        return new BinaryExpression(start, Token.LastEnd, left, BinaryOperator.Power, right);
    }

    /// <summary>Reads the operand of a prefix operator.</summary>
    private Expression ParseOperand(ForInit init, UnaryPlace place)
    {
        if (!Enter()) return s_missing;
        Cover cover = Cover.Nothing;
        Expression operand = ParseUnary(init, ref cover, place);
        CheckExpression(in cover);
        Leave();
        return operand;
    }

    private UpdateExpression ParsePrefixUpdate(ForInit init)
    {
        int start = Token.Start;
        UpdateOperator update = Token.Type == TokenType.Increment ? UpdateOperator.Increment : UpdateOperator.Decrement;
        Next();
        Expression argument = ParseOperand(init, UnaryPlace.AfterUpdate);
        CheckSimpleTarget(argument);
        return new UpdateExpression(start, Token.LastEnd, update, true, argument);
    }

    private UnaryExpression ParseUnaryOperator(ForInit init)
    {
        int start = Token.Start;
        UnaryOperator unary = Token.Type switch
        {
            TokenType.Minus => UnaryOperator.Minus,
            TokenType.Plus => UnaryOperator.Plus,
            TokenType.Not => UnaryOperator.Not,
            TokenType.Tilde => UnaryOperator.BitwiseNot,
            TokenType.TypeOf => UnaryOperator.TypeOf,
            TokenType.Void => UnaryOperator.Void,
            _ => UnaryOperator.Delete,
        };
        Next();
        Expression argument = ParseOperand(init, UnaryPlace.AfterOperator);
        if (unary == UnaryOperator.Delete) CheckDelete(start, argument);
        return new UnaryExpression(start, Token.LastEnd, unary, argument);
    }

    // 13.5.1.1.
    private void CheckDelete(int start, Expression argument)
    {
        if (State.Function.Strict && argument.Kind == NodeKind.Identifier) EarlyError(start, "A variable cannot be deleted in strict code");
        Expression access = argument is ChainExpression chain ? chain.Expression : argument;
        if (access is MemberExpression { Property.Kind: NodeKind.PrivateIdentifier }) EarlyError(start, "A private member cannot be deleted");
    }

    private AwaitExpression ParseAwait(ForInit init)
    {
        int start = Token.Start;
        if (State.Function.AwaitAt == 0) State.Function.AwaitAt = start + 1;
        Next();
        Expression argument = ParseOperand(init, UnaryPlace.AfterOperator);
        return new AwaitExpression(start, Token.LastEnd, argument);
    }

    // 13.10: PrivateIdentifier in ShiftExpression.
    private PrivateIdentifier ParsePrivateOperand(ForInit init)
    {
        PrivateIdentifier name = ParsePrivateName();
        if (Token.Type != TokenType.In || init is ForInit.Head or ForInit.AwaitHead) Unexpected("'in' behind the private name");
        return name;
    }

    private Expression ParsePostfix(ForInit init, ref Cover cover)
    {
        int start = Token.Start;
        Expression expression = ParseLeftHandSide(ref cover, init);
        if (Token.Type is not (TokenType.Increment or TokenType.Decrement) || Token.NewlineBefore || cover.IsNoExpression) return expression;
        UpdateOperator update = Token.Type == TokenType.Increment ? UpdateOperator.Increment : UpdateOperator.Decrement;
        CheckSimpleTarget(expression);
        Next();
        return new UpdateExpression(start, Token.LastEnd, update, false, expression);
    }
}
