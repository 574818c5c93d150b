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
        int start = Start;
        int outerProto = cover.SecondProto;
        int outerInitializer = cover.Initializer;
        int outerChain = _chain;
        cover.SecondProto = cover.Initializer = -1;
        _chain = 0;
        Expression atom = ParsePrimary(ref cover, init);
        int atomEnd = LastEnd;
        // An arrow function without parentheses around it is not an operand.
        bool isOperand = atom.Kind != NodeKind.ArrowFunctionExpression || atom.End != LastEnd;
        if (isOperand && (BeginsSubscript() || (_isTyped && BeginsErased()))) atom = ParseSubscripts(atom, start, init);
        if (_isTyped && _erasedAt == Start) NoBinding(start, ref cover);
        if (LastEnd > atomEnd)
        {
            CheckExpression(in cover);
            if (cover.ParenthesizedTarget >= start) cover.ParenthesizedTarget = -1;
            if (cover.ParenthesizedBinding >= start) cover.ParenthesizedBinding = -1;
            if (cover.CommaBehindSpread >= start) cover.CommaBehindSpread = -1;
        }

        if (outerProto >= 0) cover.SecondProto = outerProto;
        if (outerInitializer >= 0) cover.Initializer = outerInitializer;
        if (outerChain > _chain) _chain = outerChain;
        return atom;
    }

    private bool BeginsSubscript() =>
        Type is TokenType.Dot or TokenType.LeftParenthesis or TokenType.LeftBracket or TokenType.QuestionDot or TokenType.Template;

    private bool BeginsMember() => Type is TokenType.Dot or TokenType.LeftBracket or TokenType.Template;

    private Expression ParseSubscripts(Expression expression, int start, ForInit init)
    {
        if (_isTyped && Type == TokenType.Less && !NewlineBefore && _arrowAt == expression.Start && expression is Identifier { Name: "async" })
            SkipAsyncTypeParameters();
        bool mayBeAsyncArrow = expression is Identifier { Name: "async" } && Type == TokenType.LeftParenthesis && !NewlineBefore
            && expression.End - expression.Start == 5 && LastEnd == expression.End && _arrowAt == expression.Start;
        if (mayBeAsyncArrow)
        {
            expression = ParseAsyncCallOrArrow(expression, start, init);
            if (expression.Kind == NodeKind.ArrowFunctionExpression) return expression;
        }

        bool isOptional = false;
        while (BeginsSubscript() || (_isTyped && SkipErased() && BeginsSubscript()))
        {
            int chain = Lengthen(_chain);
            _chain = 0;
            if (Type == TokenType.QuestionDot)
            {
                isOptional = true;
                expression = ParseOptional(expression, start);
            }
            else if (Type == TokenType.Template)
            {
                if (isOptional) EarlyError(Start, "A template cannot have a tag that contains '?.'");
                expression = ParseTagged(expression, start);
            }
            else
            {
                expression = Type == TokenType.LeftParenthesis ? ParseCall(expression, start, Chaining.Plain) : ParseMember(expression, start);
            }

            if (chain > _chain) _chain = chain;
        }

        return isOptional ? new ChainExpression(start, LastEnd, expression) : expression;
    }

    // 13.3.9 Optional Chains.
    private Expression ParseOptional(Expression expression, int start)
    {
        Next();
        if (_isTyped && Type is TokenType.Less or TokenType.ShiftLeft && TrySkipTypeArguments() && Type != TokenType.LeftParenthesis) Unexpected("'('");
        switch (Type)
        {
            case TokenType.LeftParenthesis:
                return ParseCall(expression, start, Chaining.Optional);
            case TokenType.LeftBracket:
                Next();
                Expression key = ParseExpression();
                Expect(TokenType.RightBracket);
                return new MemberExpression(start, LastEnd, expression, key, true, true);
            case TokenType.Template:
                EarlyError(Start, "A template cannot have a tag that contains '?.'");
                return expression;
            default:
                Expression name = Type == TokenType.PrivateName ? ParsePrivateName() : ParseIdentifierName();
                return new MemberExpression(start, LastEnd, expression, name, false, true);
        }
    }

    // 13.3.2 Property Accessors.
    private MemberExpression ParseMember(Expression expression, int start)
    {
        if (Eat(TokenType.LeftBracket))
        {
            Expression key = ParseExpression();
            Expect(TokenType.RightBracket);
            return new MemberExpression(start, LastEnd, expression, key, true, false);
        }

        Next();
        bool isPrivate = Type == TokenType.PrivateName && expression.Kind != NodeKind.Super;
        Expression name = isPrivate ? ParsePrivateName() : ParseIdentifierName();
        return new MemberExpression(start, LastEnd, expression, name, false, false);
    }

    // 13.3.11 Tagged Templates.
    private TaggedTemplateExpression ParseTagged(Expression tag, int start)
    {
        TemplateLiteral quasi = ParseTemplate(TemplateUse.Tagged);
        return new TaggedTemplateExpression(start, LastEnd, tag, quasi);
    }

    // 13.3.6 Function Calls.
    private CallExpression ParseCall(Expression callee, int start, Chaining chaining)
    {
        int yieldAt = _yieldAt, awaitAt = _awaitAt, awaitNameAt = _awaitNameAt;
        _yieldAt = _awaitAt = _awaitNameAt = 0;
        Cover cover = Cover.Nothing;
        ImmutableArray<Expression> arguments = ParseArguments(ref cover);
        CheckExpression(in cover);
        KeepFirst(yieldAt, awaitAt, awaitNameAt);
        return new CallExpression(start, LastEnd, callee, arguments, chaining == Chaining.Optional);
    }

    private void KeepFirst(int yieldAt, int awaitAt, int awaitNameAt)
    {
        if (yieldAt != 0) _yieldAt = yieldAt;
        if (awaitAt != 0) _awaitAt = awaitAt;
        if (awaitNameAt != 0) _awaitNameAt = awaitNameAt;
    }

    // 13.3.8 Argument Lists, with their parentheses.
    private ImmutableArray<Expression> ParseArguments(ref Cover cover)
    {
        Next();
        int mark = _nodeCount;
        while (Type != TokenType.RightParenthesis && !Failed)
        {
            Push(Type == TokenType.Ellipsis ? ParseSpread(ref cover) : ParseAssignmentCover(ForInit.None, ref cover));
            Separate(TokenType.RightParenthesis);
        }

        ImmutableArray<Expression> arguments = Take<Expression>(mark);
        Next();
        return arguments;
    }

    private SpreadElement ParseSpread(ref Cover cover)
    {
        int start = Start;
        Next();
        Expression argument = ParseAssignmentCover(ForInit.None, ref cover);
        if (Type == TokenType.Comma && cover.CommaBehindSpread < 0) cover.CommaBehindSpread = Start;
        return new SpreadElement(start, LastEnd, argument);
    }

    // 15.9 Async Arrow Functions: async(…) is a call until => follows.
    private Expression ParseAsyncCallOrArrow(Expression callee, int start, ForInit init)
    {
        int yieldAt = _yieldAt, awaitAt = _awaitAt, awaitNameAt = _awaitNameAt;
        _yieldAt = _awaitAt = _awaitNameAt = 0;
        Cover cover = Cover.Nothing;
        int typedAt = -1;
        ImmutableArray<Expression> arguments = _isTyped ? ParseTypedArguments(ref cover, out typedAt) : ParseArguments(ref cover);
        if (_isTyped && (typedAt >= 0 || Type == TokenType.Colon) && !Failed)
        {
            bool isCertain = typedAt >= 0 || arguments.Length == 0;
            var head = new ArrowHead(start, FunctionForm.Async, init, isCertain, new Outside(yieldAt, awaitAt, awaitNameAt));
            int mark = _nodeCount;
            foreach (Expression argument in arguments) Push(argument);
            if (ParseTypedArrow(in head, mark, in cover) is { } arrow) return arrow;
            _nodeCount = mark;
        }

        if (Type != TokenType.Arrow || NewlineBefore)
        {
            CheckExpression(in cover);
            KeepFirst(yieldAt, awaitAt, awaitNameAt);
            return new CallExpression(start, LastEnd, callee, arguments, false);
        }

        Next();
        CheckBindingPattern(in cover);
        CheckParameterExpressions();
        if (_awaitNameAt != 0) EarlyError(_awaitNameAt - 1, "'await' cannot be a name in the parameters of an async function");
        (_yieldAt, _awaitAt, _awaitNameAt) = (yieldAt, awaitAt, awaitNameAt);
        return ParseArrow(start, ToParameters(arguments), FunctionForm.Async, init);
    }

    // 13.3.5 The new Operator, 13.3.12 Meta Properties.
    private Expression ParseNew()
    {
        int start = Start;
        if (!Enter()) return s_missing;
        Next();
        Expression result = Type == TokenType.Dot ? ParseNewTarget(start) : ParseConstruction(start);
        Leave();
        return result;
    }

    private MetaProperty ParseNewTarget(int start)
    {
        var meta = new Identifier(start, start + 3, "new");
        Next();
        if (!Is(KnownName.Target)) Unexpected("'target'");
        Identifier property = ParseIdentifierName();
        if (!Allows(Context.NewTarget)) EarlyError(start, "'new.target' stands outside of a function");
        return new MetaProperty(start, LastEnd, meta, property);
    }

    private NewExpression ParseConstruction(int start)
    {
        int calleeStart = Start;
        if (Type == TokenType.Import && Peek(PeekToken(Position, out _)) == '(')
            Fail(ParseErrorCode.Syntax, Start, "'new' cannot stand before 'import(…)'; put parentheses around it");
        Cover cover = Cover.Nothing;
        Expression callee = ParsePrimary(ref cover, ForInit.None);
        CheckExpression(in cover);
        if (callee.Kind == NodeKind.Super && Type == TokenType.LeftParenthesis) EarlyError(calleeStart, "'super' cannot be constructed");
        bool isOperand = callee.Kind != NodeKind.ArrowFunctionExpression || callee.End != LastEnd;
        if (!isOperand) Unexpected();
        while (BeginsMember() || (_isTyped && SkipErased() && BeginsMember()))
        {
            int chain = Lengthen(_chain);
            _chain = 0;
            callee = Type == TokenType.Template ? ParseTagged(callee, calleeStart) : ParseMember(callee, calleeStart);
            if (chain > _chain) _chain = chain;
        }

        if (Type == TokenType.QuestionDot) EarlyError(Start, "The operand of 'new' cannot contain '?.'");
        ImmutableArray<Expression> arguments = [];
        if (Type == TokenType.LeftParenthesis)
        {
            cover = Cover.Nothing;
            arguments = ParseArguments(ref cover);
            CheckExpression(in cover);
        }

        return new NewExpression(start, LastEnd, callee, arguments);
    }
}
