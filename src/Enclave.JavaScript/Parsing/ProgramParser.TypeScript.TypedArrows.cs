using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Arrow functions with types.</summary>
internal sealed partial class ProgramParser
{
    /// <summary>The state around the parentheses: see <see cref="FunctionState.YieldAt"/>.</summary>
    private readonly record struct Outside(int YieldAt, int AwaitAt, int AwaitNameAt);

    /// <summary>The part of a possible arrow function up to its closing parenthesis.</summary>
    private readonly record struct ArrowHead(int Start, FunctionForm Form, ForInit Init, bool IsCertain, Outside Outside);

    /// <summary>Reads the question mark, type and default of an element that turns out to be a parameter.</summary>
    private Expression ParseTypedElement(int start, Expression element, ref Cover cover, ref int typedAt)
    {
        if (typedAt < 0) typedAt = Token.Start;
        if (element.Kind is not (NodeKind.Identifier or NodeKind.ObjectExpression or NodeKind.ArrayExpression or NodeKind.SpreadElement))
            Unexpected("',' or ')'");
        DropIf(TokenType.Question);
        SkipAnnotation();
        return Token.Type == TokenType.Assign ? ParseAssignmentTail(start, element, ForInit.None, ref cover) : element;
    }

    // 13.3.8 Argument Lists behind 'async'. They may be typed parameters.
    private ImmutableArray<Expression> ParseTypedArguments(ref Cover cover, out int typedAt)
    {
        typedAt = -1;
        Next();
        int mark = Nodes.Count;
        while (Token.Type != TokenType.RightParenthesis && !Failed)
        {
            int start = Token.Start;
            Expression argument = Token.Type == TokenType.Ellipsis ? ParseSpread(ref cover) : ParseAssignmentCover(ForInit.None, ref cover);
            if (Token.Type is TokenType.Colon or TokenType.Question) argument = ParseTypedElement(start, argument, ref cover, ref typedAt);
            Nodes.Push(argument);
            Separate(TokenType.RightParenthesis);
        }

        ImmutableArray<Expression> arguments = Nodes.Take<Expression>(mark);
        Next();
        return arguments;
    }

    // async <T>(…) =>
    private void SkipAsyncTypeParameters()
    {
        Checkpoint place = BeginTrial();
        SkipTypeParameters();
        if (!Failed && Token.Type == TokenType.LeftParenthesis) Accept();
        else Reject(in place);
    }

    /// <summary>
    /// Reads the rest of an arrow function behind its parentheses, if they contain types or if the type of its result follows them.
    /// If it is not an arrow function, returns null and reads nothing.
    /// </summary>
    private ArrowFunctionExpression? ParseTypedArrow(in ArrowHead head, int mark, in Cover inner)
    {
        ImmutableArray<Node> elements = Nodes.Take<Node>(mark);
        if (head.IsCertain)
        {
            SkipReturnAnnotation();
            if (Token.Type != TokenType.Arrow || Token.NewlineBefore) Unexpected("'=>'");
            return FinishTypedArrow(in head, elements, in inner);
        }

        if (inner.ParenthesizedBinding < 0 && !Memory.NotArrows.Contains(head.Start) && TryTypedArrow(in head, elements, in inner) is { } arrow) return arrow;
        Nodes.Push(elements);
        return null;
    }

    // a ? (b) : c => d is a conditional, a ? (b) : c => d : e is not: only the token behind the body tells.
    private ArrowFunctionExpression? TryTypedArrow(in ArrowHead head, ImmutableArray<Node> elements, in Cover inner)
    {
        Checkpoint place = BeginTrial();
        SkipReturnAnnotation();
        if (Token.Type == TokenType.Arrow && !Token.NewlineBefore)
        {
            if (head.Init != ForInit.Consequent)
            {
                Accept();
                return FinishTypedArrow(in head, elements, in inner);
            }

            ArrowFunctionExpression arrow = FinishTypedArrow(in head, elements, in inner);
            if (Token.Type == TokenType.Colon)
            {
                Accept();
                return arrow;
            }
        }

        Reject(in place);
        Memory.NotArrows.Add(head.Start);
        return null;
    }

    private ArrowFunctionExpression FinishTypedArrow(in ArrowHead head, ImmutableArray<Node> elements, in Cover inner)
    {
        Next();
        CheckBindingPattern(in inner);
        CheckParameterExpressions();
        bool isAsync = head.Form == FunctionForm.Async;
        if (isAsync && State.Function.AwaitNameAt != 0)
            EarlyError(State.Function.AwaitNameAt - 1, "'await' cannot be a name in the parameters of an async function");
        (State.Function.YieldAt, State.Function.AwaitAt) = (head.Outside.YieldAt, head.Outside.AwaitAt);
        if (isAsync) State.Function.AwaitNameAt = head.Outside.AwaitNameAt;
        int mark = Nodes.Count;
        Nodes.Push(elements);
        return ParseArrow(head.Start, ToParameters(mark), head.Form, head.Init);
    }
}
