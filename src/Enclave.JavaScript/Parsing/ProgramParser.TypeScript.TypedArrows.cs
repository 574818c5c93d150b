using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Arrow functions with types.</summary>
internal sealed partial class ProgramParser
{
    /// <summary>The state around the parentheses: see <see cref="_yieldAt"/>.</summary>
    private readonly record struct Outside(int YieldAt, int AwaitAt, int AwaitNameAt);

    /// <summary>The part of a possible arrow function up to its closing parenthesis.</summary>
    private readonly record struct ArrowHead(int Start, FunctionForm Form, ForInit Init, bool IsCertain, Outside Outside);

    /// <summary>Reads the question mark, type and default of an element that turns out to be a parameter.</summary>
    private Expression ParseTypedElement(int start, Expression element, ref Cover cover, ref int typedAt)
    {
        if (typedAt < 0) typedAt = Start;
        if (element.Kind is not (NodeKind.Identifier or NodeKind.ObjectExpression or NodeKind.ArrayExpression or NodeKind.SpreadElement))
            Unexpected("',' or ')'");
        DropIf(TokenType.Question);
        SkipAnnotation();
        return Type == TokenType.Assign ? ParseAssignmentTail(start, element, ForInit.None, ref cover) : element;
    }

    // 13.3.8 Argument Lists behind 'async'. They may be typed parameters.
    private ImmutableArray<Expression> ParseTypedArguments(ref Cover cover, out int typedAt)
    {
        typedAt = -1;
        Next();
        int mark = _nodeCount;
        while (Type != TokenType.RightParenthesis && !Failed)
        {
            int start = Start;
            Expression argument = Type == TokenType.Ellipsis ? ParseSpread(ref cover) : ParseAssignmentCover(ForInit.None, ref cover);
            if (Type is TokenType.Colon or TokenType.Question) argument = ParseTypedElement(start, argument, ref cover, ref typedAt);
            Push(argument);
            Separate(TokenType.RightParenthesis);
        }

        ImmutableArray<Expression> arguments = Take<Expression>(mark);
        Next();
        return arguments;
    }

    // async <T>(…) =>
    private void SkipAsyncTypeParameters()
    {
        ParserPlace place = BeginTrial();
        SkipTypeParameters();
        if (!Failed && Type == TokenType.LeftParenthesis) Accept();
        else Reject(in place);
    }

    /// <summary>
    /// Reads the rest of an arrow function behind its parentheses, if they contain types or if the type of its result follows them.
    /// If it is not an arrow function, returns null and reads nothing.
    /// </summary>
    private ArrowFunctionExpression? ParseTypedArrow(in ArrowHead head, int mark, in Cover inner)
    {
        ImmutableArray<Node> elements = Take<Node>(mark);
        if (head.IsCertain)
        {
            SkipReturnAnnotation();
            if (Type != TokenType.Arrow || NewlineBefore) Unexpected("'=>'");
            return FinishTypedArrow(in head, elements, in inner);
        }

        if (inner.ParenthesizedBinding < 0 && !_notArrows.Contains(head.Start) && TryTypedArrow(in head, elements, in inner) is { } arrow) return arrow;
        foreach (Node element in elements) Push(element);
        return null;
    }

    // a ? (b) : c => d is a conditional, a ? (b) : c => d : e is not: only the token behind the body tells.
    private ArrowFunctionExpression? TryTypedArrow(in ArrowHead head, ImmutableArray<Node> elements, in Cover inner)
    {
        ParserPlace place = BeginTrial();
        SkipReturnAnnotation();
        if (Type == TokenType.Arrow && !NewlineBefore)
        {
            if (head.Init != ForInit.Consequent)
            {
                Accept();
                return FinishTypedArrow(in head, elements, in inner);
            }

            ArrowFunctionExpression arrow = FinishTypedArrow(in head, elements, in inner);
            if (Type == TokenType.Colon)
            {
                Accept();
                return arrow;
            }
        }

        Reject(in place);
        _notArrows.Add(head.Start);
        return null;
    }

    private ArrowFunctionExpression FinishTypedArrow(in ArrowHead head, ImmutableArray<Node> elements, in Cover inner)
    {
        Next();
        CheckBindingPattern(in inner);
        CheckParameterExpressions();
        bool isAsync = head.Form == FunctionForm.Async;
        if (isAsync && _awaitNameAt != 0) EarlyError(_awaitNameAt - 1, "'await' cannot be a name in the parameters of an async function");
        (_yieldAt, _awaitAt) = (head.Outside.YieldAt, head.Outside.AwaitAt);
        if (isAsync) _awaitNameAt = head.Outside.AwaitNameAt;
        int mark = _nodeCount;
        foreach (Node element in elements) Push(element);
        return ParseArrow(head.Start, ToParameters(mark), head.Form, head.Init);
    }
}
