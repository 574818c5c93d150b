using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Functions, methods, their parameters and bodies (ECMA-262 15.1, 15.2, 15.4 to 15.6, 15.8), and directives (11.2.1).</summary>
internal sealed partial class ProgramParser
{
    /// <summary>The first octal escape or number with a leading 0 among the directives; -1 if there is none.</summary>
    private int _legacyAt;

    [Flags]
    private enum FunctionForm : byte
    {
        Plain = 0,
        Async = 1,
        Generator = 2,
        AsyncGenerator = Async | Generator,
    }

    /// <summary>The state around a function, restored when it ends.</summary>
    private readonly record struct Outer(Context Context, bool Strict, int FirstLabel, int YieldAt, int AwaitAt, int AwaitNameAt, int Chain);

    private Outer EnterFunction(FunctionForm form, Context own)
    {
        var outer = new Outer(_context, _strict, _firstLabel, _yieldAt, _awaitAt, _awaitNameAt, _chain);
        _context = own | ((form & FunctionForm.Async) != 0 ? Context.Await : 0) | ((form & FunctionForm.Generator) != 0 ? Context.Yield : 0);
        _firstLabel = _labels.Count;
        _yieldAt = _awaitAt = _awaitNameAt = 0;
        OpenScope(ScopeKind.Function);
        return outer;
    }

    private void LeaveFunction(in Outer outer)
    {
        CloseScope();
        _context = outer.Context;
        _strict = outer.Strict;
        _firstLabel = outer.FirstLabel;
        _yieldAt = outer.YieldAt;
        _awaitAt = outer.AwaitAt;
        _awaitNameAt = outer.AwaitNameAt;
    }

    // 15.2, 15.5, 15.6, 15.8: declarations.
    private Statement ParseFunctionStatement(int start, StatementPlace place, FunctionForm form)
    {
        bool plainOnly = place is StatementPlace.Branch or StatementPlace.Labelled;
        if (place == StatementPlace.Body || (plainOnly && _strict)) EarlyError(Start, "A function cannot be declared here; put it into a block");
        Next();
        if (plainOnly && Type == TokenType.Star) EarlyError(Start, "A generator cannot be declared here; put it into a block");
        if (Eat(TokenType.Star)) form |= FunctionForm.Generator;
        Identifier name = ParseIdentifier();
        if (_isTyped) return ParseTypedFunction(start, name, form, place);
        CheckBinding(name, FunctionBinding(form));
        return ParseFunctionRest(start, name, form)!;
    }

    // 14.2.1: the kind of binding that a function declaration makes.
    private BindingKind FunctionBinding(FunctionForm form)
    {
        if (!_strict && form == FunctionForm.Plain) return BindingKind.Function;
        return FunctionsAreVar(_scopeCount - 1) ? BindingKind.Function : BindingKind.Lexical;
    }

    /// <summary>Reads the parameters and body of a function declaration. Null if it has no body, as an overload in TypeScript.</summary>
    private FunctionDeclaration? ParseFunctionRest(int start, Identifier? name, FunctionForm form)
    {
        Outer outer = EnterFunction(form, Context.Return | Context.NewTarget);
        ImmutableArray<Node> parameters = ParseParameters();
        if (_isTyped && EndsWithoutBody(in outer)) return null;
        BlockStatement body = ParseFunctionBody(name, parameters, ParameterRule.MayRepeat);
        LeaveFunction(in outer);
        return new FunctionDeclaration(start, LastEnd, name, (form & FunctionForm.Generator) != 0, (form & FunctionForm.Async) != 0, parameters, body);
    }

    // 15.2, 15.5, 15.6, 15.8: expressions. Their own rules for yield and await apply to their name.
    private FunctionExpression ParseFunctionExpression(int start, FunctionForm form)
    {
        Next();
        if (Eat(TokenType.Star)) form |= FunctionForm.Generator;
        Outer outer = EnterFunction(form, Context.Return | Context.NewTarget);
        Identifier? name = Type == TokenType.LeftParenthesis || (_isTyped && Type == TokenType.Less) ? null : ParseIdentifier();
        ImmutableArray<Node> parameters = ParseParameters();
        BlockStatement body = ParseFunctionBody(name, parameters, ParameterRule.MayRepeat);
        LeaveFunction(in outer);
        return new FunctionExpression(start, LastEnd, name, (form & FunctionForm.Generator) != 0, (form & FunctionForm.Async) != 0, parameters, body);
    }

    private enum BodyRule : byte
    {
        Needed,

        /// <summary>In TypeScript, for an overload, or for an abstract or ambient method.</summary>
        MayBeMissing,
    }

    // 15.4 Method Definitions, from the parenthesis on.
    private FunctionExpression? ParseMethod(FunctionForm form, Context super, BodyRule rule)
    {
        if (_isTyped) SkipTypeParameters();
        int start = Start;
        Outer outer = EnterFunction(form, Context.Return | Context.NewTarget | super);
        ImmutableArray<Node> parameters = ParseParameters();
        if (rule == BodyRule.MayBeMissing && EndsWithoutBody(in outer)) return null;
        BlockStatement body = ParseFunctionBody(null, parameters, ParameterRule.Unique);
        LeaveFunction(in outer);
        return new FunctionExpression(start, LastEnd, null, (form & FunctionForm.Generator) != 0, (form & FunctionForm.Async) != 0, parameters, body);
    }

    // 15.1 Parameter Lists.
    private ImmutableArray<Node> ParseParameters()
    {
        if (_isTyped) return ParseTypedParameters();
        Expect(TokenType.LeftParenthesis);
        int mark = _nodeCount;
        while (Type != TokenType.RightParenthesis && !Failed)
        {
            if (Type == TokenType.Ellipsis)
            {
                Push(ParseBindingRest());
                break;
            }

            Push(ParseBindingElement());
            Separate(TokenType.RightParenthesis);
        }

        ImmutableArray<Node> parameters = Take<Node>(mark);
        Expect(TokenType.RightParenthesis);
        CheckParameterExpressions();
        return parameters;
    }

    // 15.3.1, 15.5.1, 15.6.1, 15.8.1, 15.9.1.
    private void CheckParameterExpressions()
    {
        if (_yieldAt != 0 && (_awaitAt == 0 || _yieldAt < _awaitAt)) EarlyError(_yieldAt - 1, "'yield' cannot be used in parameters");
        if (_awaitAt != 0) EarlyError(_awaitAt - 1, "'await' cannot be used in parameters");
    }

    private enum ParameterRule : byte
    {
        /// <summary>In sloppy code, a simple list may name a parameter twice (15.1.1).</summary>
        MayRepeat,
        Unique,
    }

    private BlockStatement ParseFunctionBody(Identifier? name, ImmutableArray<Node> parameters, ParameterRule rule)
    {
        int start = Start;
        if (Type != TokenType.LeftBrace)
        {
            Unexpected("'{'");
            return new BlockStatement(start, start, []);
        }

        bool wasStrict = _strict;
        int repeated = DeclareParameters(parameters);
        Next();
        int mark = _nodeCount;
        ParseDirectives();
        CheckFunctionHead(start, name, parameters, repeated, wasStrict, rule);
        while (Type != TokenType.RightBrace && !Failed)
        {
            if (Type == TokenType.End) Unexpected("'}'");
            else PushStatement(ParseStatement(StatementPlace.List));
        }

        ImmutableArray<Statement> body = Take<Statement>(mark);
        // The token behind the brace is outside again.
        _strict = wasStrict;
        Next();
        return new BlockStatement(start, LastEnd, body);
    }

    /// <summary>Declares the parameters. Returns the offset of the first duplicate, or -1.</summary>
    private int DeclareParameters(ImmutableArray<Node> parameters)
    {
        _parametersSince = ++_clock;
        _repeatedParameter = -1;
        foreach (Node parameter in parameters) CheckPattern(parameter, BindingKind.Parameter);
        return _repeatedParameter;
    }

    /// <summary>Checks the head again when the directives of the body are known: they may make the names before it strict code.</summary>
    private void CheckFunctionHead(int start, Identifier? name, ImmutableArray<Node> parameters, int repeated, bool wasStrict, ParameterRule rule)
    {
        bool isSimple = IsSimple(parameters);
        if (repeated >= 0 && (_strict || !isSimple || rule == ParameterRule.Unique)) EarlyError(repeated, "Two parameters have this name");
        if (!_strict) return;
        if (!isSimple && _hasStrictDirective) EarlyError(start, "A function with patterns, defaults or a rest element cannot contain 'use strict'");
        if (name is not null) CheckStrictName(name, wasStrict);
        if (wasStrict) return;
        foreach (Node parameter in parameters)
        {
            if (parameter is Identifier identifier) CheckStrictName(identifier, wasStrict);
        }
    }

    private void CheckStrictName(Identifier name, bool wasStrict)
    {
        CheckBinding(name, BindingKind.None);
        if (wasStrict || Failed) return;
        int number = Names.Find(name.Name);
        if (number is >= KnownName.FirstStrictReserved and <= KnownName.LastStrictReserved) EarlyError(name.Start, $"'{name.Name}' is reserved in strict code");
    }

    private static bool IsSimple(ImmutableArray<Node> parameters)
    {
        foreach (Node parameter in parameters)
        {
            if (parameter.Kind != NodeKind.Identifier) return false;
        }

        return true;
    }
}
