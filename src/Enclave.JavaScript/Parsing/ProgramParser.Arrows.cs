using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Parentheses, and the arrow functions that they may begin (ECMA-262 13.2.9, 15.3, 15.9).</summary>
internal sealed partial class ProgramParser
{
    // CoverParenthesizedExpressionAndArrowParameterList.
    private Expression ParseParenthesis(ref Cover cover, ForInit init)
    {
        int start = Token.Start;
        bool mayBeArrow = State.ArrowAt == start;
        int yieldAt = State.Function.YieldAt, awaitAt = State.Function.AwaitAt;
        State.Function.YieldAt = State.Function.AwaitAt = 0;
        Next();
        int innerStart = Token.Start;
        Cover inner = Cover.Nothing;
        int mark = Nodes.Count;
        int restAt = -1, commaAt = -1, typedAt = -1;
        while (Token.Type != TokenType.RightParenthesis && !Failed)
        {
            commaAt = -1;
            if (Token.Type == TokenType.Ellipsis)
            {
                restAt = Token.Start;
                Nodes.Push(ParseBindingRest());
                break;
            }

            int elementStart = Token.Start;
            Expression element = ParseAssignmentCover(ForInit.None, ref inner);
            if (IsTyped && Token.Type is TokenType.Colon or TokenType.Question) element = ParseTypedElement(elementStart, element, ref inner, ref typedAt);
            Nodes.Push(element);
            if (Token.Type == TokenType.RightParenthesis) break;
            commaAt = Token.Start;
            Expect(TokenType.Comma);
        }

        int innerEnd = Token.LastEnd;
        int close = Token.Start;
        Expect(TokenType.RightParenthesis);
        if (mayBeArrow && Token.Type == TokenType.Arrow && !Token.NewlineBefore)
        {
            Next();
            CheckBindingPattern(in inner);
            CheckParameterExpressions();
            (State.Function.YieldAt, State.Function.AwaitAt) = (yieldAt, awaitAt);
            return ParseArrow(start, ToParameters(mark), FunctionForm.Plain, init);
        }

        if (IsTyped && (typedAt >= 0 || Token.Type == TokenType.Colon) && !Failed)
        {
            bool isCertain = typedAt >= 0 || restAt >= 0 || Nodes.Count == mark;
            var head = new ArrowHead(start, FunctionForm.Plain, init, isCertain, new Outside(yieldAt, awaitAt, State.Function.AwaitNameAt));
            if (mayBeArrow && ParseTypedArrow(in head, mark, in inner) is { } arrow) return arrow;
            if (typedAt >= 0) UnexpectedAt(typedAt, "')'");
        }

        Expression expression = FinishParenthesis(mark, innerStart, innerEnd, restAt, commaAt, close);
        CheckExpression(in inner);
        if (yieldAt != 0) State.Function.YieldAt = yieldAt;
        if (awaitAt != 0) State.Function.AwaitAt = awaitAt;
        if (cover.ParenthesizedTarget < 0 && expression.Kind is not (NodeKind.Identifier or NodeKind.MemberExpression)) cover.ParenthesizedTarget = start;
        if (cover.ParenthesizedBinding < 0) cover.ParenthesizedBinding = start;
        return expression;
    }

    private Expression FinishParenthesis(int mark, int innerStart, int innerEnd, int restAt, int commaAt, int close)
    {
        int count = Nodes.Count - mark;
        if (Failed || count == 0 || restAt >= 0 || commaAt >= 0)
        {
            int at = restAt >= 0 ? restAt : close;
            if (!Failed) Fail(ParseErrorCode.Syntax, at, count == 0
                ? "The parentheses are empty; only an arrow function can follow them"
                : "Only an arrow function can have this between its parentheses");
            Nodes.CutTo(mark);
            return s_missing;
        }

        if (count > 1) return new SequenceExpression(innerStart, innerEnd, Nodes.Take<Expression>(mark));
        return (Expression)Nodes.Pop()!;
    }

    private ImmutableArray<Node> ToParameters(int mark)
    {
        for (int i = mark; i < Nodes.Count; i++) Nodes[i] = ToPattern(Nodes[i]!, PatternUse.Binding);
        return Nodes.Take<Node>(mark);
    }

    private ImmutableArray<Node> ToParameters(ImmutableArray<Expression> expressions)
    {
        int mark = Nodes.Count;
        Nodes.Push(expressions);
        return ToParameters(mark);
    }

    // 15.3 and 15.9, from behind the arrow.
    private ArrowFunctionExpression ParseArrow(int start, ImmutableArray<Node> parameters, FunctionForm form, ForInit init)
    {
        SyntaxContext outside = State.Function.Context;
        FunctionState outer = EnterFunction(form, outside & SyntaxContext.Inherited);
        bool isAsync = form == FunctionForm.Async;
        Node body;
        if (Token.Type == TokenType.LeftBrace)
        {
            State.Function.Context |= SyntaxContext.Return;
            body = ParseFunctionBody(null, parameters, ParameterRule.Unique);
        }
        else
        {
            int repeated = DeclareParameters(parameters);
            if (repeated >= 0) EarlyError(repeated, "Two parameters have this name");
            body = ParseAssignment(init);
        }

        LeaveFunction(in outer);
        return new ArrowFunctionExpression(start, Token.LastEnd, isAsync, parameters, body);
    }
}
