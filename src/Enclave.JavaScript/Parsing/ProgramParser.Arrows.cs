using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Parentheses, and the arrow functions that they may begin (ECMA-262 13.2.9, 15.3, 15.9).</summary>
internal sealed partial class ProgramParser
{
    // CoverParenthesizedExpressionAndArrowParameterList.
    private Expression ParseParenthesis(ref Cover cover, ForInit init)
    {
        int start = Start;
        bool mayBeArrow = _arrowAt == start;
        int yieldAt = _yieldAt, awaitAt = _awaitAt;
        _yieldAt = _awaitAt = 0;
        Next();
        int innerStart = Start;
        Cover inner = Cover.Nothing;
        int mark = _nodeCount;
        int restAt = -1, commaAt = -1, typedAt = -1;
        while (Type != TokenType.RightParenthesis && !Failed)
        {
            commaAt = -1;
            if (Type == TokenType.Ellipsis)
            {
                restAt = Start;
                Push(ParseBindingRest());
                break;
            }

            int elementStart = Start;
            Expression element = ParseAssignmentCover(ForInit.None, ref inner);
            if (_isTyped && Type is TokenType.Colon or TokenType.Question) element = ParseTypedElement(elementStart, element, ref inner, ref typedAt);
            Push(element);
            if (Type == TokenType.RightParenthesis) break;
            commaAt = Start;
            Expect(TokenType.Comma);
        }

        int innerEnd = LastEnd;
        int close = Start;
        Expect(TokenType.RightParenthesis);
        if (mayBeArrow && Type == TokenType.Arrow && !NewlineBefore)
        {
            Next();
            CheckBindingPattern(in inner);
            CheckParameterExpressions();
            (_yieldAt, _awaitAt) = (yieldAt, awaitAt);
            return ParseArrow(start, ToParameters(mark), FunctionForm.Plain, init);
        }

        if (_isTyped && (typedAt >= 0 || Type == TokenType.Colon) && !Failed)
        {
            bool isCertain = typedAt >= 0 || restAt >= 0 || _nodeCount == mark;
            var head = new ArrowHead(start, FunctionForm.Plain, init, isCertain, new Outside(yieldAt, awaitAt, _awaitNameAt));
            if (mayBeArrow && ParseTypedArrow(in head, mark, in inner) is { } arrow) return arrow;
            if (typedAt >= 0) UnexpectedAt(typedAt, "')'");
        }

        Expression expression = FinishParenthesis(mark, innerStart, innerEnd, restAt, commaAt, close);
        CheckExpression(in inner);
        if (yieldAt != 0) _yieldAt = yieldAt;
        if (awaitAt != 0) _awaitAt = awaitAt;
        if (cover.ParenthesizedTarget < 0 && expression.Kind is not (NodeKind.Identifier or NodeKind.MemberExpression)) cover.ParenthesizedTarget = start;
        if (cover.ParenthesizedBinding < 0) cover.ParenthesizedBinding = start;
        return expression;
    }

    private Expression FinishParenthesis(int mark, int innerStart, int innerEnd, int restAt, int commaAt, int close)
    {
        int count = _nodeCount - mark;
        if (Failed || count == 0 || restAt >= 0 || commaAt >= 0)
        {
            int at = restAt >= 0 ? restAt : close;
            if (!Failed) Fail(ParseErrorCode.Syntax, at, count == 0
                ? "The parentheses are empty; only an arrow function can follow them"
                : "Only an arrow function can have this between its parentheses");
            _nodeCount = mark;
            return s_missing;
        }

        if (count > 1) return new SequenceExpression(innerStart, innerEnd, Take<Expression>(mark));
        return (Expression)_nodes[--_nodeCount]!;
    }

    private ImmutableArray<Node> ToParameters(int mark)
    {
        for (int i = mark; i < _nodeCount; i++) _nodes[i] = ToPattern(_nodes[i]!, PatternUse.Binding);
        return Take<Node>(mark);
    }

    private ImmutableArray<Node> ToParameters(ImmutableArray<Expression> expressions)
    {
        int mark = _nodeCount;
        foreach (Expression expression in expressions) Push(expression);
        return ToParameters(mark);
    }

    // 15.3 and 15.9, from behind the arrow.
    private ArrowFunctionExpression ParseArrow(int start, ImmutableArray<Node> parameters, FunctionForm form, ForInit init)
    {
        Context outside = _context;
        Outer outer = EnterFunction(form, outside & Context.Inherited);
        bool isAsync = form == FunctionForm.Async;
        Node body;
        if (Type == TokenType.LeftBrace)
        {
            _context |= Context.Return;
            body = ParseFunctionBody(null, parameters, ParameterRule.Unique);
        }
        else
        {
            int repeated = DeclareParameters(parameters);
            if (repeated >= 0) EarlyError(repeated, "Two parameters have this name");
            body = ParseAssignment(init);
        }

        LeaveFunction(in outer);
        return new ArrowFunctionExpression(start, LastEnd, isAsync, parameters, body);
    }
}
