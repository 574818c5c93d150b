using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Accesses, calls, optional chains, new and tagged templates (ECMA-262 13.3).</summary>
internal sealed partial class ProgramParser
{
    private enum Chaining : byte
    {
        Plain,
        Optional,
    }

    // 13.3: MemberExpression, CallExpression and OptionalExpression.
    private Expression ParseLeftHandSide(ref Cover cover, ForInit init)
    {
        int start = Token.Start;
        int outerProto = cover.SecondProto;
        int outerInitializer = cover.Initializer;
        int outerChain = State.Chain;
        cover.SecondProto = cover.Initializer = -1;
        State.Chain = 0;
        Expression atom = ParsePrimary(ref cover, init);
        int atomEnd = Token.LastEnd;
        // An arrow function without parentheses around it is not an operand.
        bool isOperand = atom.Kind != NodeKind.ArrowFunctionExpression || atom.End != Token.LastEnd;
        if (isOperand && (BeginsSubscript() || (IsTyped && BeginsErased()))) atom = ParseSubscripts(atom, start, init);
        if (IsTyped && State.ErasedAt == Token.Start) NoBinding(start, ref cover);
        if (Token.LastEnd > atomEnd)
        {
            CheckExpression(in cover);
            if (cover.ParenthesizedTarget >= start) cover.ParenthesizedTarget = -1;
            if (cover.ParenthesizedBinding >= start) cover.ParenthesizedBinding = -1;
            if (cover.CommaBehindSpread >= start) cover.CommaBehindSpread = -1;
        }

        if (outerProto >= 0) cover.SecondProto = outerProto;
        if (outerInitializer >= 0) cover.Initializer = outerInitializer;
        if (outerChain > State.Chain) State.Chain = outerChain;
        return atom;
    }

    private bool BeginsSubscript() =>
        Token.Type is TokenType.Dot or TokenType.LeftParenthesis or TokenType.LeftBracket or TokenType.QuestionDot or TokenType.Template;

    private bool BeginsMember() => Token.Type is TokenType.Dot or TokenType.LeftBracket or TokenType.Template;

    private Expression ParseSubscripts(Expression expression, int start, ForInit init)
    {
        if (IsTyped && Token.Type == TokenType.Less && !Token.NewlineBefore && State.ArrowAt == expression.Start && expression is Identifier { Name: "async" })
            SkipAsyncTypeParameters();
        bool mayBeAsyncArrow = expression is Identifier { Name: "async" } && Token.Type == TokenType.LeftParenthesis && !Token.NewlineBefore
            && expression.End - expression.Start == 5 && Token.LastEnd == expression.End && State.ArrowAt == expression.Start;
        if (mayBeAsyncArrow)
        {
            expression = ParseAsyncCallOrArrow(expression, start, init);
            if (expression.Kind == NodeKind.ArrowFunctionExpression) return expression;
        }

        bool isOptional = false;
        while (BeginsSubscript() || (IsTyped && SkipErased() && BeginsSubscript()))
        {
            int chain = Lengthen(State.Chain);
            State.Chain = 0;
            if (Token.Type == TokenType.QuestionDot)
            {
                isOptional = true;
                expression = ParseOptional(expression, start);
            }
            else if (Token.Type == TokenType.Template)
            {
                if (isOptional) EarlyError(Token.Start, "A template cannot have a tag that contains '?.'");
                expression = ParseTagged(expression, start);
            }
            else
            {
                expression = Token.Type == TokenType.LeftParenthesis ? ParseCall(expression, start, Chaining.Plain) : ParseMember(expression, start);
            }

            if (chain > State.Chain) State.Chain = chain;
        }

        return isOptional ? new ChainExpression(start, Token.LastEnd, expression) : expression;
    }

    // 13.3.9 Optional Chains.
    private Expression ParseOptional(Expression expression, int start)
    {
        Next();
        bool mayHaveTypes = IsTyped && Token.Type is TokenType.Less or TokenType.ShiftLeft;
        if (mayHaveTypes && TrySkipTypeArguments() && Token.Type != TokenType.LeftParenthesis) Unexpected("'('");
        switch (Token.Type)
        {
            case TokenType.LeftParenthesis:
                return ParseCall(expression, start, Chaining.Optional);
            case TokenType.LeftBracket:
                Next();
                Expression key = ParseExpression();
                Expect(TokenType.RightBracket);
                return new MemberExpression(start, Token.LastEnd, expression, key, true, true);
            case TokenType.Template:
                EarlyError(Token.Start, "A template cannot have a tag that contains '?.'");
                return expression;
            default:
                Expression name = Token.Type == TokenType.PrivateName ? ParsePrivateName() : ParseIdentifierName();
                return new MemberExpression(start, Token.LastEnd, expression, name, false, true);
        }
    }

    // 13.3.2 Property Accessors.
    private MemberExpression ParseMember(Expression expression, int start)
    {
        if (Eat(TokenType.LeftBracket))
        {
            Expression key = ParseExpression();
            Expect(TokenType.RightBracket);
            return new MemberExpression(start, Token.LastEnd, expression, key, true, false);
        }

        Next();
        bool isPrivate = Token.Type == TokenType.PrivateName && expression.Kind != NodeKind.Super;
        Expression name = isPrivate ? ParsePrivateName() : ParseIdentifierName();
        return new MemberExpression(start, Token.LastEnd, expression, name, false, false);
    }

    // 13.3.11 Tagged Templates.
    private TaggedTemplateExpression ParseTagged(Expression tag, int start)
    {
        TemplateLiteral quasi = ParseTemplate(TemplateUse.Tagged);
        return new TaggedTemplateExpression(start, Token.LastEnd, tag, quasi);
    }

    // 13.3.6 Function Calls.
    private CallExpression ParseCall(Expression callee, int start, Chaining chaining)
    {
        int yieldAt = State.Function.YieldAt, awaitAt = State.Function.AwaitAt, awaitNameAt = State.Function.AwaitNameAt;
        State.Function.YieldAt = State.Function.AwaitAt = State.Function.AwaitNameAt = 0;
        Cover cover = Cover.Nothing;
        ImmutableArray<Expression> arguments = ParseArguments(ref cover);
        CheckExpression(in cover);
        KeepFirst(yieldAt, awaitAt, awaitNameAt);
        return new CallExpression(start, Token.LastEnd, callee, arguments, chaining == Chaining.Optional);
    }

    private void KeepFirst(int yieldAt, int awaitAt, int awaitNameAt)
    {
        if (yieldAt != 0) State.Function.YieldAt = yieldAt;
        if (awaitAt != 0) State.Function.AwaitAt = awaitAt;
        if (awaitNameAt != 0) State.Function.AwaitNameAt = awaitNameAt;
    }

    // 13.3.8 Argument Lists, with their parentheses.
    private ImmutableArray<Expression> ParseArguments(ref Cover cover)
    {
        Next();
        int mark = Nodes.Count;
        while (Token.Type != TokenType.RightParenthesis && !Failed)
        {
            Nodes.Push(Token.Type == TokenType.Ellipsis ? ParseSpread(ref cover) : ParseAssignmentCover(ForInit.None, ref cover));
            Separate(TokenType.RightParenthesis);
        }

        ImmutableArray<Expression> arguments = Nodes.Take<Expression>(mark);
        Next();
        return arguments;
    }

    private SpreadElement ParseSpread(ref Cover cover)
    {
        int start = Token.Start;
        Next();
        Expression argument = ParseAssignmentCover(ForInit.None, ref cover);
        if (Token.Type == TokenType.Comma && cover.CommaBehindSpread < 0) cover.CommaBehindSpread = Token.Start;
        return new SpreadElement(start, Token.LastEnd, argument);
    }

    // 15.9 Async Arrow Functions: async(…) is a call until => follows.
    private Expression ParseAsyncCallOrArrow(Expression callee, int start, ForInit init)
    {
        int yieldAt = State.Function.YieldAt, awaitAt = State.Function.AwaitAt, awaitNameAt = State.Function.AwaitNameAt;
        State.Function.YieldAt = State.Function.AwaitAt = State.Function.AwaitNameAt = 0;
        Cover cover = Cover.Nothing;
        int typedAt = -1;
        ImmutableArray<Expression> arguments = IsTyped ? ParseTypedArguments(ref cover, out typedAt) : ParseArguments(ref cover);
        if (IsTyped && (typedAt >= 0 || Token.Type == TokenType.Colon) && !Failed)
        {
            bool isCertain = typedAt >= 0 || arguments.Length == 0;
            var head = new ArrowHead(start, FunctionForm.Async, init, isCertain, new Outside(yieldAt, awaitAt, awaitNameAt));
            int mark = Nodes.Count;
            Nodes.Push(arguments);
            if (ParseTypedArrow(in head, mark, in cover) is { } arrow) return arrow;
            Nodes.CutTo(mark);
        }

        if (Token.Type != TokenType.Arrow || Token.NewlineBefore)
        {
            CheckExpression(in cover);
            KeepFirst(yieldAt, awaitAt, awaitNameAt);
            return new CallExpression(start, Token.LastEnd, callee, arguments, false);
        }

        Next();
        CheckBindingPattern(in cover);
        CheckParameterExpressions();
        if (State.Function.AwaitNameAt != 0) EarlyError(State.Function.AwaitNameAt - 1, "'await' cannot be a name in the parameters of an async function");
        (State.Function.YieldAt, State.Function.AwaitAt, State.Function.AwaitNameAt) = (yieldAt, awaitAt, awaitNameAt);
        return ParseArrow(start, ToParameters(arguments), FunctionForm.Async, init);
    }

    // 13.3.5 The new Operator, 13.3.12 Meta Properties.
    private Expression ParseNew()
    {
        int start = Token.Start;
        if (!Enter()) return s_missing;
        Next();
        Expression result = Token.Type == TokenType.Dot ? ParseNewTarget(start) : ParseConstruction(start);
        Leave();
        return result;
    }

    private MetaProperty ParseNewTarget(int start)
    {
        var meta = new Identifier(start, start + 3, "new");
        Next();
        if (!Is(KnownName.Target)) Unexpected("'target'");
        Identifier property = ParseIdentifierName();
        if (!Allows(SyntaxContext.NewTarget)) EarlyError(start, "'new.target' stands outside of a function");
        return new MetaProperty(start, Token.LastEnd, meta, property);
    }

    private NewExpression ParseConstruction(int start)
    {
        int calleeStart = Token.Start;
        if (Token.Type == TokenType.Import && Peek(PeekToken(Token.Position, out _)) == '(')
            Fail(ParseErrorCode.Syntax, Token.Start, "'new' cannot stand before 'import(…)'; put parentheses around it");
        Cover cover = Cover.Nothing;
        Expression callee = ParsePrimary(ref cover, ForInit.None);
        CheckExpression(in cover);
        if (callee.Kind == NodeKind.Super && Token.Type == TokenType.LeftParenthesis) EarlyError(calleeStart, "'super' cannot be constructed");
        bool isOperand = callee.Kind != NodeKind.ArrowFunctionExpression || callee.End != Token.LastEnd;
        if (!isOperand) Unexpected();
        while (BeginsMember() || (IsTyped && SkipErased() && BeginsMember()))
        {
            int chain = Lengthen(State.Chain);
            State.Chain = 0;
            callee = Token.Type == TokenType.Template ? ParseTagged(callee, calleeStart) : ParseMember(callee, calleeStart);
            if (chain > State.Chain) State.Chain = chain;
        }

        if (Token.Type == TokenType.QuestionDot) EarlyError(Token.Start, "The operand of 'new' cannot contain '?.'");
        ImmutableArray<Expression> arguments = [];
        if (Token.Type == TokenType.LeftParenthesis)
        {
            cover = Cover.Nothing;
            arguments = ParseArguments(ref cover);
            CheckExpression(in cover);
        }

        return new NewExpression(start, Token.LastEnd, callee, arguments);
    }
}
