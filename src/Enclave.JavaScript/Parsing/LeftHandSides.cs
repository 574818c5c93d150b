using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Accesses, calls, optional chains, new and tagged templates (ECMA-262 13.3).</summary>
internal static class LeftHandSides
{
    private enum Chaining : byte
    {
        Plain,
        Optional,
    }

    // 13.3: MemberExpression, CallExpression and OptionalExpression.
    public static Expression ParseLeftHandSide(ProgramParser p, ref Cover cover, ForInit init)
    {
        int start = p.Token.Start;
        int outerProto = cover.SecondProto;
        int outerInitializer = cover.Initializer;
        int outerChain = p.State.Chain;
        cover.SecondProto = cover.Initializer = -1;
        p.State.Chain = 0;
        Expression atom = Primaries.ParsePrimary(p, ref cover, init);
        int atomEnd = p.Token.LastEnd;
        // An arrow function without parentheses around it is not an operand.
        bool isOperand = atom.Kind != NodeKind.ArrowFunctionExpression || atom.End != p.Token.LastEnd;
        if (isOperand && (BeginsSubscript(p) || (p.IsTyped && Assertions.BeginsErased(p)))) atom = ParseSubscripts(p, atom, start, init);
        if (p.IsTyped && p.State.ErasedAt == p.Token.Start) Assertions.NoBinding(start, ref cover);
        if (p.Token.LastEnd > atomEnd)
        {
            Patterns.CheckExpression(p, in cover);
            if (cover.ParenthesizedTarget >= start) cover.ParenthesizedTarget = -1;
            if (cover.ParenthesizedBinding >= start) cover.ParenthesizedBinding = -1;
            if (cover.CommaBehindSpread >= start) cover.CommaBehindSpread = -1;
        }

        if (outerProto >= 0) cover.SecondProto = outerProto;
        if (outerInitializer >= 0) cover.Initializer = outerInitializer;
        if (outerChain > p.State.Chain) p.State.Chain = outerChain;
        return atom;
    }

    private static bool BeginsSubscript(ProgramParser p) =>
        p.Token.Type is TokenType.Dot or TokenType.LeftParenthesis or TokenType.LeftBracket or TokenType.QuestionDot or TokenType.Template;

    private static bool BeginsMember(ProgramParser p) => p.Token.Type is TokenType.Dot or TokenType.LeftBracket or TokenType.Template;

    private static Expression ParseSubscripts(ProgramParser p, Expression expression, int start, ForInit init)
    {
        // A line may end between the type parameters and the parenthesis.
        bool hasTypes = p.IsTyped && p.Token.Type == TokenType.Less && !p.Token.NewlineBefore
            && p.State.ArrowAt == expression.Start && expression is Identifier { Name: "async" } && Arrows.SkipAsyncTypeParameters(p);
        bool mayBeAsyncArrow = expression is Identifier { Name: "async" } && p.Token.Type == TokenType.LeftParenthesis && (hasTypes || !p.Token.NewlineBefore)
            && expression.End - expression.Start == 5 && p.Token.LastEnd == expression.End && p.State.ArrowAt == expression.Start;
        if (mayBeAsyncArrow)
        {
            expression = ParseAsyncCallOrArrow(p, expression, start, init);
            if (expression.Kind == NodeKind.ArrowFunctionExpression) return expression;
        }

        bool isOptional = false;
        while (BeginsSubscript(p) || (p.IsTyped && Assertions.SkipErased(p) && BeginsSubscript(p)))
        {
            int chain = p.Lengthen(p.State.Chain);
            p.State.Chain = 0;
            if (p.Token.Type == TokenType.QuestionDot)
            {
                isOptional = true;
                expression = ParseOptional(p, expression, start);
            }
            else if (p.Token.Type == TokenType.Template)
            {
                if (isOptional) p.EarlyError(p.Token.Start, "A template cannot have a tag that contains '?.'");
                expression = ParseTagged(p, expression, start);
            }
            else
            {
                expression = p.Token.Type == TokenType.LeftParenthesis ? ParseCall(p, expression, start, Chaining.Plain) : ParseMember(p, expression, start);
            }

            if (chain > p.State.Chain) p.State.Chain = chain;
        }

        return isOptional ? new ChainExpression(start, p.Token.LastEnd, expression) : expression;
    }

    // 13.3.9 Optional Chains.
    private static Expression ParseOptional(ProgramParser p, Expression expression, int start)
    {
        p.Next();
        bool mayHaveTypes = p.IsTyped && p.Token.Type is TokenType.Less or TokenType.ShiftLeft;
        if (mayHaveTypes && Types.TrySkipTypeArguments(p) && p.Token.Type != TokenType.LeftParenthesis) p.Unexpected("'('");
        switch (p.Token.Type)
        {
            case TokenType.LeftParenthesis:
                return ParseCall(p, expression, start, Chaining.Optional);
            case TokenType.LeftBracket:
                p.Next();
                Expression key = Expressions.ParseExpression(p);
                p.Expect(TokenType.RightBracket);
                return new MemberExpression(start, p.Token.LastEnd, expression, key, true, true);
            case TokenType.Template:
                p.EarlyError(p.Token.Start, "A template cannot have a tag that contains '?.'");
                return expression;
            default:
                Expression name = p.Token.Type == TokenType.PrivateName ? Identifiers.ParsePrivateName(p) : Identifiers.ParseIdentifierName(p);
                return new MemberExpression(start, p.Token.LastEnd, expression, name, false, true);
        }
    }

    // 13.3.2 Property Accessors.
    private static MemberExpression ParseMember(ProgramParser p, Expression expression, int start)
    {
        if (p.Eat(TokenType.LeftBracket))
        {
            Expression key = Expressions.ParseExpression(p);
            p.Expect(TokenType.RightBracket);
            return new MemberExpression(start, p.Token.LastEnd, expression, key, true, false);
        }

        p.Next();
        bool isPrivate = p.Token.Type == TokenType.PrivateName && expression.Kind != NodeKind.Super;
        Expression name = isPrivate ? Identifiers.ParsePrivateName(p) : Identifiers.ParseIdentifierName(p);
        return new MemberExpression(start, p.Token.LastEnd, expression, name, false, false);
    }

    // 13.3.11 Tagged Templates.
    private static TaggedTemplateExpression ParseTagged(ProgramParser p, Expression tag, int start)
    {
        TemplateLiteral quasi = Primaries.ParseTemplate(p, TemplateUse.Tagged);
        return new TaggedTemplateExpression(start, p.Token.LastEnd, tag, quasi);
    }

    // 13.3.6 Function Calls.
    private static CallExpression ParseCall(ProgramParser p, Expression callee, int start, Chaining chaining)
    {
        int yieldAt = p.State.Function.YieldAt, awaitAt = p.State.Function.AwaitAt, awaitNameAt = p.State.Function.AwaitNameAt;
        p.State.Function.YieldAt = p.State.Function.AwaitAt = p.State.Function.AwaitNameAt = 0;
        Cover cover = Cover.Nothing;
        ImmutableArray<Expression> arguments = ParseArguments(p, ref cover);
        Patterns.CheckExpression(p, in cover);
        KeepFirst(p, yieldAt, awaitAt, awaitNameAt);
        return new CallExpression(start, p.Token.LastEnd, callee, arguments, chaining == Chaining.Optional);
    }

    private static void KeepFirst(ProgramParser p, int yieldAt, int awaitAt, int awaitNameAt)
    {
        if (yieldAt != 0) p.State.Function.YieldAt = yieldAt;
        if (awaitAt != 0) p.State.Function.AwaitAt = awaitAt;
        if (awaitNameAt != 0) p.State.Function.AwaitNameAt = awaitNameAt;
    }

    // 13.3.8 Argument Lists, with their parentheses.
    private static ImmutableArray<Expression> ParseArguments(ProgramParser p, ref Cover cover)
    {
        p.Next();
        int mark = p.Nodes.Count;
        while (p.Token.Type != TokenType.RightParenthesis && !p.Failed)
        {
            p.Nodes.Push(p.Token.Type == TokenType.Ellipsis ? ParseSpread(p, ref cover) : Expressions.ParseAssignmentCover(p, ForInit.None, ref cover));
            p.Separate(TokenType.RightParenthesis);
        }

        ImmutableArray<Expression> arguments = p.Nodes.Take<Expression>(mark);
        p.Next();
        return arguments;
    }

    public static SpreadElement ParseSpread(ProgramParser p, ref Cover cover)
    {
        int start = p.Token.Start;
        p.Next();
        Expression argument = Expressions.ParseAssignmentCover(p, ForInit.None, ref cover);
        if (p.Token.Type == TokenType.Comma && cover.CommaBehindSpread < 0) cover.CommaBehindSpread = p.Token.Start;
        return new SpreadElement(start, p.Token.LastEnd, argument);
    }

    // 15.9 Async Arrow Functions: async(…) is a call until => follows.
    private static Expression ParseAsyncCallOrArrow(ProgramParser p, Expression callee, int start, ForInit init)
    {
        int yieldAt = p.State.Function.YieldAt, awaitAt = p.State.Function.AwaitAt, awaitNameAt = p.State.Function.AwaitNameAt;
        p.State.Function.YieldAt = p.State.Function.AwaitAt = p.State.Function.AwaitNameAt = 0;
        Cover cover = Cover.Nothing;
        int typedAt = -1;
        ImmutableArray<Expression> arguments = p.IsTyped ? Arrows.ParseTypedArguments(p, ref cover, out typedAt) : ParseArguments(p, ref cover);
        if (p.IsTyped && (typedAt >= 0 || p.Token.Type == TokenType.Colon) && !p.Failed)
        {
            bool isCertain = typedAt >= 0 || arguments.Length == 0;
            var head = new ArrowHead(start, FunctionForm.Async, init, isCertain, new Outside(yieldAt, awaitAt, awaitNameAt));
            int mark = p.Nodes.Count;
            p.Nodes.Push(arguments);
            if (Arrows.ParseTypedArrow(p, in head, mark, in cover) is { } arrow) return arrow;
            p.Nodes.CutTo(mark);
        }

        if (p.Token.Type != TokenType.Arrow || p.Token.NewlineBefore)
        {
            Patterns.CheckExpression(p, in cover);
            KeepFirst(p, yieldAt, awaitAt, awaitNameAt);
            return new CallExpression(start, p.Token.LastEnd, callee, arguments, false);
        }

        p.Next();
        Patterns.CheckBindingPattern(p, in cover);
        Functions.CheckParameterExpressions(p);
        if (p.State.Function.AwaitNameAt != 0)
            p.EarlyError(p.State.Function.AwaitNameAt - 1, "'await' cannot be a name in the parameters of an async function");
        (p.State.Function.YieldAt, p.State.Function.AwaitAt, p.State.Function.AwaitNameAt) = (yieldAt, awaitAt, awaitNameAt);
        return Arrows.ParseArrow(p, start, Arrows.ToParameters(p, arguments), FunctionForm.Async, init);
    }

    // 13.3.5 The new Operator, 13.3.12 Meta Properties.
    public static Expression ParseNew(ProgramParser p)
    {
        int start = p.Token.Start;
        if (!p.Enter()) return Placeholder.Missing;
        p.Next();
        Expression result = p.Token.Type == TokenType.Dot ? ParseNewTarget(p, start) : ParseConstruction(p, start);
        p.Leave();
        return result;
    }

    private static MetaProperty ParseNewTarget(ProgramParser p, int start)
    {
        var meta = new Identifier(start, start + 3, "new");
        p.Next();
        if (!p.Is(KnownName.Target)) p.Unexpected("'target'");
        Identifier property = Identifiers.ParseIdentifierName(p);
        if (!p.Allows(SyntaxContext.NewTarget)) p.EarlyError(start, "'new.target' stands outside of a function");
        return new MetaProperty(start, p.Token.LastEnd, meta, property);
    }

    private static NewExpression ParseConstruction(ProgramParser p, int start)
    {
        int calleeStart = p.Token.Start;
        if (p.Token.Type == TokenType.Import && p.Peek(p.PeekToken(p.Token.Position, out _)) == '(')
            p.Fail(ParseErrorCode.Syntax, p.Token.Start, "'new' cannot stand before 'import(…)'; put parentheses around it");
        Cover cover = Cover.Nothing;
        Expression callee = Primaries.ParsePrimary(p, ref cover, ForInit.None);
        Patterns.CheckExpression(p, in cover);
        if (callee.Kind == NodeKind.Super && p.Token.Type == TokenType.LeftParenthesis) p.EarlyError(calleeStart, "'super' cannot be constructed");
        bool isOperand = callee.Kind != NodeKind.ArrowFunctionExpression || callee.End != p.Token.LastEnd;
        if (!isOperand) p.Unexpected();
        while (BeginsMember(p) || (p.IsTyped && Assertions.SkipErased(p) && BeginsMember(p)))
        {
            int chain = p.Lengthen(p.State.Chain);
            p.State.Chain = 0;
            callee = p.Token.Type == TokenType.Template ? ParseTagged(p, callee, calleeStart) : ParseMember(p, callee, calleeStart);
            if (chain > p.State.Chain) p.State.Chain = chain;
        }

        if (p.Token.Type == TokenType.QuestionDot) p.EarlyError(p.Token.Start, "The operand of 'new' cannot contain '?.'");
        ImmutableArray<Expression> arguments = [];
        if (p.Token.Type == TokenType.LeftParenthesis)
        {
            cover = Cover.Nothing;
            arguments = ParseArguments(p, ref cover);
            Patterns.CheckExpression(p, in cover);
        }

        return new NewExpression(start, p.Token.LastEnd, callee, arguments);
    }
}
