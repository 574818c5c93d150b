using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Expressions with a comma, assignments, conditionals and yield (ECMA-262 13.14 to 13.16, 15.5).</summary>
internal sealed partial class ProgramParser
{
    /// <summary>The last place where an assignment expression began with a name or a parenthesis: an arrow function may begin there.</summary>
    private int _arrowAt;
    private ForInit _arrowInit;

    // Offsets plus 1 of the first yield expression, the first await expression and the first await used as a name, within text that may become parameters.
    private int _yieldAt;
    private int _awaitAt;
    private int _awaitNameAt;

    /// <summary>Says if an expression stands first in the parentheses of a for loop, where in is not an operator (13.16, [~In]).</summary>
    private enum ForInit : byte
    {
        None,
        Head,

        /// <summary>The head of for await, where async may be a name before of.</summary>
        AwaitHead,

        /// <summary>Not a for loop, but the second operand of a conditional: a colon may follow it. in is an operator.</summary>
        Consequent,
    }

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
        int start = Start;
        Expression first = ParseAssignmentCover(init, ref cover);
        if (Type != TokenType.Comma) return first;
        CheckExpression(in cover);
        int mark = _nodeCount;
        Push(first);
        while (Eat(TokenType.Comma)) Push(ParseAssignment(init));
        return new SequenceExpression(start, LastEnd, Take<Expression>(mark));
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
        Expression expression = Type == TokenType.Identifier && Name == KnownName.Yield && Allows(Context.Yield) && !HasEscape
            ? ParseYield(init)
            : ParseAssignmentInside(init, ref cover);
        Leave();
        return expression;
    }

    private Expression ParseAssignmentInside(ForInit init, ref Cover cover)
    {
        int start = Start;
        int outerTarget = cover.ParenthesizedTarget;
        int outerComma = cover.CommaBehindSpread;
        cover.ParenthesizedTarget = cover.CommaBehindSpread = -1;
        if (Type is TokenType.LeftParenthesis or TokenType.Identifier or TokenType.Less)
        {
            _arrowAt = start;
            _arrowInit = init;
        }

        int outerProto = cover.SecondProto;
        Expression left = ParseConditional(init, ref cover);
        if (Type is >= TokenType.Assign and <= TokenType.QuestionQuestionAssign)
        {
            if (_isTyped && _assertedAt == Start) Unexpected("parentheses around what is assigned to");
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
        var assignment = (AssignmentOperator)(Type - TokenType.Assign);
        Node target = assignment == AssignmentOperator.Assign ? ToAssignable(left, ref cover) : left;
        cover.ParenthesizedTarget = cover.CommaBehindSpread = -1;
        // Errors of expressions inside the pattern are allowed there.
        if (cover.Initializer >= left.Start) cover.Initializer = -1;
        if (cover.SecondProto >= left.Start) cover.SecondProto = -1;
        if (assignment == AssignmentOperator.Assign) CheckPattern(target, BindingKind.None);
        else CheckSimpleTarget(target);
        Next();
        Expression right = ParseAssignment(init);
        return new AssignmentExpression(start, LastEnd, assignment, target, right);
    }

    // 13.14 Conditional Operator.
    private Expression ParseConditional(ForInit init, ref Cover cover)
    {
        int start = Start;
        Expression test = ParseBinary(init, ref cover);
        if (Type != TokenType.Question || cover.IsNoExpression || IsArrow(test)) return test;
        if (_isTyped && MarksOptional()) return test;
        Next();
        Expression consequent = ParseAssignment(ForInit.Consequent);
        Expect(TokenType.Colon);
        Expression alternate = ParseAssignment(init);
        return new ConditionalExpression(start, LastEnd, test, consequent, alternate);
    }

    // An arrow function without parentheses around it.
    private bool IsArrow(Expression expression) => expression.Kind == NodeKind.ArrowFunctionExpression && expression.End == LastEnd;

    // 15.5 YieldExpression.
    private YieldExpression ParseYield(ForInit init)
    {
        int start = Start;
        if (_yieldAt == 0) _yieldAt = start + 1;
        Next();
        if (CanEndStatement || (Type != TokenType.Star && !BeginsExpression())) return new YieldExpression(start, LastEnd, false, null);
        bool isDelegate = Eat(TokenType.Star);
        Expression argument = ParseAssignment(init);
        return new YieldExpression(start, LastEnd, isDelegate, argument);
    }

    private bool BeginsExpression() => Type switch
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
