using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Functions, methods, their parameters and bodies (ECMA-262 15.1, 15.2, 15.4 to 15.6, 15.8), and directives (11.2.1).</summary>
internal sealed partial class ProgramParser
{
    [Flags]
    private enum FunctionForm : byte
    {
        Plain = 0,
        Async = 1,
        Generator = 2,
        AsyncGenerator = Async | Generator,
    }

    /// <summary>Enters a function. Returns the state around it, for <see cref="LeaveFunction"/>.</summary>
    private FunctionState EnterFunction(FunctionForm form, SyntaxContext own)
    {
        FunctionState outer = State.Function;
        if ((form & FunctionForm.Async) != 0) own |= SyntaxContext.Await;
        if ((form & FunctionForm.Generator) != 0) own |= SyntaxContext.Yield;
        State.Function = new FunctionState { Context = own, Strict = outer.Strict, FirstLabel = Labels.Count };
        Scopes.Open(RegionKind.Function);
        return outer;
    }

    private void LeaveFunction(in FunctionState outer)
    {
        Scopes.Close();
        State.Function = outer;
    }

    // 15.2, 15.5, 15.6, 15.8: declarations.
    private Statement ParseFunctionStatement(int start, StatementPlace place, FunctionForm form)
    {
        bool plainOnly = place is StatementPlace.Branch or StatementPlace.Labelled;
        if (place == StatementPlace.Body || (plainOnly && State.Function.Strict))
            EarlyError(Token.Start, "A function cannot be declared here; put it into a block");
        Next();
        if (plainOnly && Token.Type == TokenType.Star) EarlyError(Token.Start, "A generator cannot be declared here; put it into a block");
        if (Eat(TokenType.Star)) form |= FunctionForm.Generator;
        Identifier name = ParseIdentifier();
        if (IsTyped) return ParseTypedFunction(start, name, form, place);
        CheckBinding(name, FunctionBinding(form));
        return ParseFunctionRest(start, name, form)!;
    }

    // 14.2.1: the kind of binding that a function declaration makes.
    private DeclarationKind FunctionBinding(FunctionForm form)
    {
        if (!State.Function.Strict && form == FunctionForm.Plain) return DeclarationKind.Function;
        return Scopes.FunctionsAreVarHere ? DeclarationKind.Function : DeclarationKind.Lexical;
    }

    /// <summary>Reads the parameters and body of a function declaration. Null if it has no body, as an overload in TypeScript.</summary>
    private FunctionDeclaration? ParseFunctionRest(int start, Identifier? name, FunctionForm form)
    {
        FunctionState outer = EnterFunction(form, SyntaxContext.Return | SyntaxContext.NewTarget);
        ImmutableArray<Node> parameters = ParseParameters();
        if (IsTyped && EndsWithoutBody(in outer)) return null;
        BlockStatement body = ParseFunctionBody(name, parameters, ParameterRule.MayRepeat);
        LeaveFunction(in outer);
        return new FunctionDeclaration(start, Token.LastEnd, name, (form & FunctionForm.Generator) != 0, (form & FunctionForm.Async) != 0, parameters, body);
    }

    // 15.2, 15.5, 15.6, 15.8: expressions. Their own rules for yield and await apply to their name.
    private FunctionExpression ParseFunctionExpression(int start, FunctionForm form)
    {
        Next();
        if (Eat(TokenType.Star)) form |= FunctionForm.Generator;
        FunctionState outer = EnterFunction(form, SyntaxContext.Return | SyntaxContext.NewTarget);
        Identifier? name = Token.Type == TokenType.LeftParenthesis || (IsTyped && Token.Type == TokenType.Less) ? null : ParseIdentifier();
        ImmutableArray<Node> parameters = ParseParameters();
        BlockStatement body = ParseFunctionBody(name, parameters, ParameterRule.MayRepeat);
        LeaveFunction(in outer);
        return new FunctionExpression(start, Token.LastEnd, name, (form & FunctionForm.Generator) != 0, (form & FunctionForm.Async) != 0, parameters, body);
    }

    private enum BodyRule : byte
    {
        Needed,

        /// <summary>In TypeScript, for an overload, or for an abstract or ambient method.</summary>
        MayBeMissing,
    }

    // 15.4 Method Definitions, from the parenthesis on.
    private FunctionExpression? ParseMethod(FunctionForm form, SyntaxContext super, BodyRule rule)
    {
        if (IsTyped) SkipTypeParameters();
        int start = Token.Start;
        FunctionState outer = EnterFunction(form, SyntaxContext.Return | SyntaxContext.NewTarget | super);
        ImmutableArray<Node> parameters = ParseParameters();
        if (rule == BodyRule.MayBeMissing && EndsWithoutBody(in outer)) return null;
        BlockStatement body = ParseFunctionBody(null, parameters, ParameterRule.Unique);
        LeaveFunction(in outer);
        return new FunctionExpression(start, Token.LastEnd, null, (form & FunctionForm.Generator) != 0, (form & FunctionForm.Async) != 0, parameters, body);
    }

    // 15.1 Parameter Lists.
    private ImmutableArray<Node> ParseParameters()
    {
        if (IsTyped) return ParseTypedParameters();
        Expect(TokenType.LeftParenthesis);
        int mark = Nodes.Count;
        while (Token.Type != TokenType.RightParenthesis && !Failed)
        {
            if (Token.Type == TokenType.Ellipsis)
            {
                Nodes.Push(ParseBindingRest());
                break;
            }

            Nodes.Push(ParseBindingElement());
            Separate(TokenType.RightParenthesis);
        }

        ImmutableArray<Node> parameters = Nodes.Take<Node>(mark);
        Expect(TokenType.RightParenthesis);
        CheckParameterExpressions();
        return parameters;
    }

    // 15.3.1, 15.5.1, 15.6.1, 15.8.1, 15.9.1.
    private void CheckParameterExpressions()
    {
        int yieldAt = State.Function.YieldAt, awaitAt = State.Function.AwaitAt;
        if (yieldAt != 0 && (awaitAt == 0 || yieldAt < awaitAt)) EarlyError(yieldAt - 1, "'yield' cannot be used in parameters");
        if (awaitAt != 0) EarlyError(awaitAt - 1, "'await' cannot be used in parameters");
    }

    private enum ParameterRule : byte
    {
        /// <summary>In sloppy code, a simple list may name a parameter twice (15.1.1).</summary>
        MayRepeat,
        Unique,
    }

    private BlockStatement ParseFunctionBody(Identifier? name, ImmutableArray<Node> parameters, ParameterRule rule)
    {
        int start = Token.Start;
        if (Token.Type != TokenType.LeftBrace)
        {
            Unexpected("'{'");
            return new BlockStatement(start, start, []);
        }

        bool wasStrict = State.Function.Strict;
        int repeated = DeclareParameters(parameters);
        Next();
        int mark = Nodes.Count;
        ParseDirectives();
        CheckFunctionHead(start, name, parameters, repeated, wasStrict, rule);
        while (Token.Type != TokenType.RightBrace && !Failed)
        {
            if (Token.Type == TokenType.End) Unexpected("'}'");
            else PushStatement(ParseStatement(StatementPlace.List));
        }

        ImmutableArray<Statement> body = Nodes.Take<Statement>(mark);
        // The token behind the brace is outside again.
        State.Function.Strict = wasStrict;
        Next();
        return new BlockStatement(start, Token.LastEnd, body);
    }

    /// <summary>Declares the parameters. Returns the offset of the first duplicate, or -1.</summary>
    private int DeclareParameters(ImmutableArray<Node> parameters)
    {
        State.ParametersSince = Scopes.Now();
        State.RepeatedParameter = -1;
        foreach (Node parameter in parameters) CheckPattern(parameter, DeclarationKind.Parameter);
        return State.RepeatedParameter;
    }

    /// <summary>Checks the head again when the directives of the body are known: they may make the names before it strict code.</summary>
    private void CheckFunctionHead(int start, Identifier? name, ImmutableArray<Node> parameters, int repeated, bool wasStrict, ParameterRule rule)
    {
        bool isSimple = IsSimple(parameters);
        if (repeated >= 0 && (State.Function.Strict || !isSimple || rule == ParameterRule.Unique)) EarlyError(repeated, "Two parameters have this name");
        if (!State.Function.Strict) return;
        if (!isSimple && State.HasStrictDirective) EarlyError(start, "A function with patterns, defaults or a rest element cannot contain 'use strict'");
        if (name is not null) CheckStrictName(name, wasStrict);
        if (wasStrict) return;
        foreach (Node parameter in parameters)
        {
            if (parameter is Identifier identifier) CheckStrictName(identifier, wasStrict);
        }
    }

    private void CheckStrictName(Identifier name, bool wasStrict)
    {
        CheckBinding(name, DeclarationKind.None);
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
