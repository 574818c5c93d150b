using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Arrow functions with types.</summary>
internal static partial class Arrows
{
    /// <summary>Reads the question mark, type and default of an element that turns out to be a parameter.</summary>
    private static Expression ParseTypedElement(ProgramParser p, int start, Expression element, ref Cover cover, ref int typedAt)
    {
        if (typedAt < 0) typedAt = p.Token.Start;
        if (element.Kind is not (NodeKind.Identifier or NodeKind.ObjectExpression or NodeKind.ArrayExpression or NodeKind.SpreadElement))
            p.Unexpected("',' or ')'");
        p.DropIf(TokenType.Question);
        Types.SkipAnnotation(p);
        return p.Token.Type == TokenType.Assign ? Expressions.ParseAssignmentTail(p, start, element, ForInit.None, ref cover) : element;
    }

    // 13.3.8 Argument Lists behind 'async'. They may be typed parameters.
    public static ImmutableArray<Expression> ParseTypedArguments(ProgramParser p, ref Cover cover, out int typedAt)
    {
        typedAt = -1;
        p.Next();
        int mark = p.Nodes.Count;
        while (p.Token.Type != TokenType.RightParenthesis && !p.Failed)
        {
            int start = p.Token.Start;
            Expression argument = p.Token.Type == TokenType.Ellipsis
                ? LeftHandSides.ParseSpread(p, ref cover)
                : Expressions.ParseAssignmentCover(p, ForInit.None, ref cover);
            if (p.Token.Type is TokenType.Colon or TokenType.Question) argument = ParseTypedElement(p, start, argument, ref cover, ref typedAt);
            p.Nodes.Push(argument);
            p.Separate(TokenType.RightParenthesis);
        }

        ImmutableArray<Expression> arguments = p.Nodes.Take<Expression>(mark);
        p.Next();
        return arguments;
    }

    // async <T>(…) =>. False if this is no list of type parameters in front of a parenthesis: then nothing is read.
    public static bool SkipAsyncTypeParameters(ProgramParser p)
    {
        Checkpoint place = p.BeginTrial();
        Types.SkipTypeParameters(p);
        if (!p.Failed && p.Token.Type == TokenType.LeftParenthesis)
        {
            p.Accept();
            return true;
        }

        p.Reject(in place);
        return false;
    }

    /// <summary>
    /// Reads the rest of an arrow function behind its parentheses, if they contain types or if the type of its result follows them.
    /// If it is not an arrow function, returns null and reads nothing.
    /// </summary>
    public static ArrowFunctionExpression? ParseTypedArrow(ProgramParser p, in ArrowHead head, int mark, in Cover inner)
    {
        ImmutableArray<Node> elements = p.Nodes.Take<Node>(mark);
        if (head.IsCertain)
        {
            Types.SkipReturnAnnotation(p);
            if (p.Token.Type != TokenType.Arrow || p.Token.NewlineBefore) p.Unexpected("'=>'");
            return FinishTypedArrow(p, in head, elements, in inner);
        }

        bool mayBeArrow = inner.ParenthesizedBinding < 0 && !p.Memory.NotArrows.Contains(head.Start);
        if (mayBeArrow && TryTypedArrow(p, in head, elements, in inner) is { } arrow) return arrow;
        p.Nodes.Push(elements);
        return null;
    }

    // a ? (b) : c => d is a conditional, a ? (b) : c => d : e is not: only the token after the body decides.
    private static ArrowFunctionExpression? TryTypedArrow(ProgramParser p, in ArrowHead head, ImmutableArray<Node> elements, in Cover inner)
    {
        Checkpoint place = p.BeginTrial();
        Types.SkipReturnAnnotation(p);
        if (p.Token.Type == TokenType.Arrow && !p.Token.NewlineBefore)
        {
            if (head.Init != ForInit.Consequent)
            {
                p.Accept();
                return FinishTypedArrow(p, in head, elements, in inner);
            }

            ArrowFunctionExpression arrow = FinishTypedArrow(p, in head, elements, in inner);
            if (p.Token.Type == TokenType.Colon)
            {
                p.Accept();
                return arrow;
            }
        }

        p.Reject(in place);
        p.Memory.NotArrows.Add(head.Start);
        return null;
    }

    private static ArrowFunctionExpression FinishTypedArrow(ProgramParser p, in ArrowHead head, ImmutableArray<Node> elements, in Cover inner)
    {
        p.Next();
        Patterns.CheckBindingPattern(p, in inner);
        Functions.CheckParameterExpressions(p);
        bool isAsync = head.Form == FunctionForm.Async;
        if (isAsync && p.State.Function.AwaitNameAt != 0)
            p.EarlyError(p.State.Function.AwaitNameAt - 1, "'await' cannot be a name in the parameters of an async function");
        (p.State.Function.YieldAt, p.State.Function.AwaitAt) = (head.Outside.YieldAt, head.Outside.AwaitAt);
        if (isAsync) p.State.Function.AwaitNameAt = head.Outside.AwaitNameAt;
        int mark = p.Nodes.Count;
        p.Nodes.Push(elements);
        return ParseArrow(p, head.Start, ToParameters(p, mark), head.Form, head.Init);
    }
}
