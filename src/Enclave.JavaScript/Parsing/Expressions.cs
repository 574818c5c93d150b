using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Expressions with a comma, assignments, conditionals and yield (ECMA-262 13.14 to 13.16, 15.5).</summary>
internal static partial class Expressions
{
    // 13.16 Comma Operator.
    public static Expression ParseExpression(ProgramParser p)
    {
        Cover cover = Cover.Nothing;
        Expression expression = ParseExpressionCover(p, ForInit.None, ref cover);
        Patterns.CheckExpression(p, in cover);
        return expression;
    }

    public static Expression ParseExpressionCover(ProgramParser p, ForInit init, ref Cover cover)
    {
        int start = p.Token.Start;
        Expression first = ParseAssignmentCover(p, init, ref cover);
        if (p.Token.Type != TokenType.Comma) return first;
        Patterns.CheckExpression(p, in cover);
        int mark = p.Nodes.Count;
        p.Nodes.Push(first);
        while (p.Eat(TokenType.Comma)) p.Nodes.Push(ParseAssignment(p, init));
        return new SequenceExpression(start, p.Token.LastEnd, p.Nodes.Take<Expression>(mark));
    }

    // 13.15 Assignment Operators, where the text cannot become a pattern.
    public static Expression ParseAssignment(ProgramParser p, ForInit init = ForInit.None)
    {
        Cover cover = Cover.Nothing;
        Expression expression = ParseAssignmentCover(p, init, ref cover);
        Patterns.CheckExpression(p, in cover);
        return expression;
    }

    public static Expression ParseAssignmentCover(ProgramParser p, ForInit init, ref Cover cover)
    {
        if (!p.Enter()) return Placeholder.Missing;
        Expression expression = p.Token.Type == TokenType.Identifier && p.Token.Name == KnownName.Yield && p.Allows(SyntaxContext.Yield) && !p.Token.HasEscape
            ? ParseYield(p, init)
            : ParseAssignmentInside(p, init, ref cover);
        p.Leave();
        return expression;
    }

    private static Expression ParseAssignmentInside(ProgramParser p, ForInit init, ref Cover cover)
    {
        int start = p.Token.Start;
        int outerTarget = cover.ParenthesizedTarget;
        int outerComma = cover.CommaBehindSpread;
        cover.ParenthesizedTarget = cover.CommaBehindSpread = -1;
        if (p.Token.Type is TokenType.LeftParenthesis or TokenType.Identifier or TokenType.Less)
        {
            p.State.ArrowAt = start;
            p.State.ArrowInit = init;
        }

        int outerProto = cover.SecondProto;
        Expression left = ParseConditional(p, init, ref cover);
        if (p.Token.Type is >= TokenType.Assign and <= TokenType.QuestionQuestionAssign)
        {
            if (p.IsTyped && p.State.AssertedAt == p.Token.Start) p.Unexpected("parentheses around what is assigned to");
            Expression assignment = ParseAssignmentTail(p, start, left, init, ref cover);
            if (outerProto >= 0) cover.SecondProto = outerProto;
            return assignment;
        }

        if (outerTarget >= 0) cover.ParenthesizedTarget = outerTarget;
        if (outerComma >= 0) cover.CommaBehindSpread = outerComma;
        return left;
    }

    public static AssignmentExpression ParseAssignmentTail(ProgramParser p, int start, Expression left, ForInit init, ref Cover cover)
    {
        var assignment = (AssignmentOperator)(p.Token.Type - TokenType.Assign);
        Node target = assignment == AssignmentOperator.Assign ? Patterns.ToAssignable(p, left, ref cover) : left;
        cover.ParenthesizedTarget = cover.CommaBehindSpread = -1;
        // Errors of expressions inside the pattern are allowed there.
        if (cover.Initializer >= left.Start) cover.Initializer = -1;
        if (cover.SecondProto >= left.Start) cover.SecondProto = -1;
        if (assignment == AssignmentOperator.Assign) Patterns.CheckPattern(p, target, DeclarationKind.None);
        else Patterns.CheckSimpleTarget(p, target);
        p.Next();
        Expression right = ParseAssignment(p, init);
        return new AssignmentExpression(start, p.Token.LastEnd, assignment, target, right);
    }

    // 13.14 Conditional Operator.
    private static Expression ParseConditional(ProgramParser p, ForInit init, ref Cover cover)
    {
        int start = p.Token.Start;
        Expression test = ParseBinary(p, init, ref cover);
        if (p.Token.Type != TokenType.Question || cover.IsNoExpression || IsArrow(p, test)) return test;
        if (p.IsTyped && Types.MarksOptional(p)) return test;
        p.Next();
        Expression consequent = ParseAssignment(p, ForInit.Consequent);
        p.Expect(TokenType.Colon);
        Expression alternate = ParseAssignment(p, init);
        return new ConditionalExpression(start, p.Token.LastEnd, test, consequent, alternate);
    }

    // An arrow function without parentheses around it.
    public static bool IsArrow(ProgramParser p, Expression expression) =>
        expression.Kind == NodeKind.ArrowFunctionExpression && expression.End == p.Token.LastEnd;

    // 15.5 YieldExpression.
    private static YieldExpression ParseYield(ProgramParser p, ForInit init)
    {
        int start = p.Token.Start;
        if (p.State.Function.YieldAt == 0) p.State.Function.YieldAt = start + 1;
        p.Next();
        if (p.CanEndStatement || (p.Token.Type != TokenType.Star && !BeginsExpression(p))) return new YieldExpression(start, p.Token.LastEnd, false, null);
        bool isDelegate = p.Eat(TokenType.Star);
        Expression argument = ParseAssignment(p, init);
        return new YieldExpression(start, p.Token.LastEnd, isDelegate, argument);
    }

    public static bool BeginsExpression(ProgramParser p) => p.Token.Type switch
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
