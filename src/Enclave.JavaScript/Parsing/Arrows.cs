using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Parentheses, and the arrow functions that they may begin (ECMA-262 13.2.9, 15.3, 15.9).</summary>
internal static partial class Arrows
{
    // CoverParenthesizedExpressionAndArrowParameterList.
    public static Expression ParseParenthesis(ProgramParser p, ref Cover cover, ForInit init)
    {
        int start = p.Token.Start;
        bool mayBeArrow = p.State.ArrowAt == start;
        int yieldAt = p.State.Function.YieldAt, awaitAt = p.State.Function.AwaitAt;
        p.State.Function.YieldAt = p.State.Function.AwaitAt = 0;
        p.Next();
        int innerStart = p.Token.Start;
        Cover inner = Cover.Nothing;
        int mark = p.Nodes.Count;
        int restAt = -1, commaAt = -1, typedAt = -1;
        while (p.Token.Type != TokenType.RightParenthesis && !p.Failed)
        {
            commaAt = -1;
            if (p.Token.Type == TokenType.Ellipsis)
            {
                restAt = p.Token.Start;
                p.Nodes.Push(Patterns.ParseBindingRest(p));
                break;
            }

            int elementStart = p.Token.Start;
            Expression element = Expressions.ParseAssignmentCover(p, ForInit.None, ref inner);
            if (p.IsTyped && p.Token.Type is TokenType.Colon or TokenType.Question)
                element = ParseTypedElement(p, elementStart, element, ref inner, ref typedAt);
            p.Nodes.Push(element);
            if (p.Token.Type == TokenType.RightParenthesis) break;
            commaAt = p.Token.Start;
            p.Expect(TokenType.Comma);
        }

        int innerEnd = p.Token.LastEnd;
        int close = p.Token.Start;
        p.Expect(TokenType.RightParenthesis);
        if (mayBeArrow && p.Token.Type == TokenType.Arrow && !p.Token.NewlineBefore)
        {
            p.Next();
            Patterns.CheckBindingPattern(p, in inner);
            Functions.CheckParameterExpressions(p);
            (p.State.Function.YieldAt, p.State.Function.AwaitAt) = (yieldAt, awaitAt);
            return ParseArrow(p, start, ToParameters(p, mark), FunctionForm.Plain, init);
        }

        if (p.IsTyped && (typedAt >= 0 || p.Token.Type == TokenType.Colon) && !p.Failed)
        {
            bool isCertain = typedAt >= 0 || restAt >= 0 || p.Nodes.Count == mark;
            var head = new ArrowHead(start, FunctionForm.Plain, init, isCertain, new Outside(yieldAt, awaitAt, p.State.Function.AwaitNameAt));
            if (mayBeArrow && ParseTypedArrow(p, in head, mark, in inner) is { } arrow) return arrow;
            if (typedAt >= 0) p.UnexpectedAt(typedAt, "')'");
        }

        Expression expression = FinishParenthesis(p, mark, innerStart, innerEnd, restAt, commaAt, close);
        Patterns.CheckExpression(p, in inner);
        if (yieldAt != 0) p.State.Function.YieldAt = yieldAt;
        if (awaitAt != 0) p.State.Function.AwaitAt = awaitAt;
        if (cover.ParenthesizedTarget < 0 && expression.Kind is not (NodeKind.Identifier or NodeKind.MemberExpression)) cover.ParenthesizedTarget = start;
        if (cover.ParenthesizedBinding < 0) cover.ParenthesizedBinding = start;
        return expression;
    }

    private static Expression FinishParenthesis(ProgramParser p, int mark, int innerStart, int innerEnd, int restAt, int commaAt, int close)
    {
        int count = p.Nodes.Count - mark;
        if (p.Failed || count == 0 || restAt >= 0 || commaAt >= 0)
        {
            int at = restAt >= 0 ? restAt : close;
            if (!p.Failed) p.Fail(ParseErrorCode.Syntax, at, count == 0
                ? "The parentheses are empty; only an arrow function can follow them"
                : "Only an arrow function can have this between its parentheses");
            p.Nodes.CutTo(mark);
            return Placeholder.Missing;
        }

        if (count > 1) return new SequenceExpression(innerStart, innerEnd, p.Nodes.Take<Expression>(mark));
        return (Expression)p.Nodes.Pop()!;
    }

    private static ImmutableArray<Node> ToParameters(ProgramParser p, int mark)
    {
        for (int i = mark; i < p.Nodes.Count; i++) p.Nodes[i] = Patterns.ToPattern(p, p.Nodes[i]!, PatternUse.Binding);
        return p.Nodes.Take<Node>(mark);
    }

    public static ImmutableArray<Node> ToParameters(ProgramParser p, ImmutableArray<Expression> expressions)
    {
        int mark = p.Nodes.Count;
        p.Nodes.Push(expressions);
        return ToParameters(p, mark);
    }

    // 15.3 and 15.9, from behind the arrow.
    public static ArrowFunctionExpression ParseArrow(ProgramParser p, int start, ImmutableArray<Node> parameters, FunctionForm form, ForInit init)
    {
        SyntaxContext outside = p.State.Function.Context;
        FunctionState outer = Functions.EnterFunction(p, form, outside & SyntaxContext.Inherited);
        bool isAsync = form == FunctionForm.Async;
        Node body;
        if (p.Token.Type == TokenType.LeftBrace)
        {
            p.State.Function.Context |= SyntaxContext.Return;
            body = Functions.ParseFunctionBody(p, null, parameters, ParameterRule.Unique);
        }
        else
        {
            int repeated = Functions.DeclareParameters(p, parameters);
            if (repeated >= 0) p.EarlyError(repeated, "Two parameters have this name");
            body = Expressions.ParseAssignment(p, init);
        }

        Functions.LeaveFunction(p, in outer);
        return new ArrowFunctionExpression(start, p.Token.LastEnd, isAsync, parameters, body);
    }
}
