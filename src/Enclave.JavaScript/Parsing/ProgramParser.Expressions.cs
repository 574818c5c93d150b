using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Expressions with a comma, assignments, conditionals and yield (ECMA-262 13.14 to 13.16, 15.5).</summary>
internal sealed partial class ProgramParser
{
    // 13.16 Comma Operator.
    private Expression ParseExpression()
    {
        Cover cover = Cover.Nothing;
        Expression expression = ParseExpressionCover(ForInit.None, ref cover);
        CheckExpression(in cover);
        return expression;
    }

    private Expression ParseExpressionCover(ForInit init, ref Cover cover)
    {
        int start = Token.Start;
        Expression first = ParseAssignmentCover(init, ref cover);
        if (Token.Type != TokenType.Comma) return first;
        CheckExpression(in cover);
        int mark = Nodes.Count;
        Nodes.Push(first);
        while (Eat(TokenType.Comma)) Nodes.Push(ParseAssignment(init));
        return new SequenceExpression(start, Token.LastEnd, Nodes.Take<Expression>(mark));
    }

    // 13.15 Assignment Operators, where the text cannot become a pattern.
    private Expression ParseAssignment(ForInit init = ForInit.None)
    {
        Cover cover = Cover.Nothing;
        Expression expression = ParseAssignmentCover(init, ref cover);
        CheckExpression(in cover);
        return expression;
    }

    private Expression ParseAssignmentCover(ForInit init, ref Cover cover)
    {
        if (!Enter()) return s_missing;
        Expression expression = Token.Type == TokenType.Identifier && Token.Name == KnownName.Yield && Allows(SyntaxContext.Yield) && !Token.HasEscape
            ? ParseYield(init)
            : ParseAssignmentInside(init, ref cover);
        Leave();
        return expression;
    }

    private Expression ParseAssignmentInside(ForInit init, ref Cover cover)
    {
        int start = Token.Start;
        int outerTarget = cover.ParenthesizedTarget;
        int outerComma = cover.CommaBehindSpread;
        cover.ParenthesizedTarget = cover.CommaBehindSpread = -1;
        if (Token.Type is TokenType.LeftParenthesis or TokenType.Identifier or TokenType.Less)
        {
            State.ArrowAt = start;
            State.ArrowInit = init;
        }

        int outerProto = cover.SecondProto;
        Expression left = ParseConditional(init, ref cover);
        if (Token.Type is >= TokenType.Assign and <= TokenType.QuestionQuestionAssign)
        {
            if (IsTyped && State.AssertedAt == Token.Start) Unexpected("parentheses around what is assigned to");
            Expression assignment = ParseAssignmentTail(start, left, init, ref cover);
            if (outerProto >= 0) cover.SecondProto = outerProto;
            return assignment;
        }

        if (outerTarget >= 0) cover.ParenthesizedTarget = outerTarget;
        if (outerComma >= 0) cover.CommaBehindSpread = outerComma;
        return left;
    }

    private AssignmentExpression ParseAssignmentTail(int start, Expression left, ForInit init, ref Cover cover)
    {
        var assignment = (AssignmentOperator)(Token.Type - TokenType.Assign);
        Node target = assignment == AssignmentOperator.Assign ? ToAssignable(left, ref cover) : left;
        cover.ParenthesizedTarget = cover.CommaBehindSpread = -1;
        // Errors of expressions inside the pattern are allowed there.
        if (cover.Initializer >= left.Start) cover.Initializer = -1;
        if (cover.SecondProto >= left.Start) cover.SecondProto = -1;
        if (assignment == AssignmentOperator.Assign) CheckPattern(target, DeclarationKind.None);
        else CheckSimpleTarget(target);
        Next();
        Expression right = ParseAssignment(init);
        return new AssignmentExpression(start, Token.LastEnd, assignment, target, right);
    }

    // 13.14 Conditional Operator.
    private Expression ParseConditional(ForInit init, ref Cover cover)
    {
        int start = Token.Start;
        Expression test = ParseBinary(init, ref cover);
        if (Token.Type != TokenType.Question || cover.IsNoExpression || IsArrow(test)) return test;
        if (IsTyped && MarksOptional()) return test;
        Next();
        Expression consequent = ParseAssignment(ForInit.Consequent);
        Expect(TokenType.Colon);
        Expression alternate = ParseAssignment(init);
        return new ConditionalExpression(start, Token.LastEnd, test, consequent, alternate);
    }

    // An arrow function without parentheses around it.
    private bool IsArrow(Expression expression) => expression.Kind == NodeKind.ArrowFunctionExpression && expression.End == Token.LastEnd;

    // 15.5 YieldExpression.
    private YieldExpression ParseYield(ForInit init)
    {
        int start = Token.Start;
        if (State.Function.YieldAt == 0) State.Function.YieldAt = start + 1;
        Next();
        if (CanEndStatement || (Token.Type != TokenType.Star && !BeginsExpression())) return new YieldExpression(start, Token.LastEnd, false, null);
        bool isDelegate = Eat(TokenType.Star);
        Expression argument = ParseAssignment(init);
        return new YieldExpression(start, Token.LastEnd, isDelegate, argument);
    }

    private bool BeginsExpression() => Token.Type switch
    {
        <= TokenType.LeftBrace and not TokenType.End => true,
        TokenType.LeftParenthesis or TokenType.LeftBracket => true,
        TokenType.Not or TokenType.Tilde or TokenType.Increment or TokenType.Decrement or TokenType.Plus or TokenType.Minus => true,
        TokenType.Slash or TokenType.SlashAssign => true,
        TokenType.New or TokenType.This or TokenType.Super or TokenType.Class or TokenType.Function or TokenType.Import => true,
        TokenType.Null or TokenType.True or TokenType.False or TokenType.TypeOf or TokenType.Void or TokenType.Delete => true,
        _ => false,
    };
}
