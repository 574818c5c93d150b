using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Functions, methods, their parameters and bodies (ECMA-262 15.1, 15.2, 15.4 to 15.6, 15.8), and directives (11.2.1).</summary>
internal static partial class Functions
{
    /// <summary>Enters a function. Returns the state around it, for <see cref="LeaveFunction"/>.</summary>
    public static FunctionState EnterFunction(ProgramParser p, FunctionForm form, SyntaxContext own)
    {
        FunctionState outer = p.State.Function;
        if ((form & FunctionForm.Async) != 0) own |= SyntaxContext.Await;
        if ((form & FunctionForm.Generator) != 0) own |= SyntaxContext.Yield;
        p.State.Function = new FunctionState { Context = own, Strict = outer.Strict, FirstLabel = p.Labels.Count };
        p.Scopes.Open(RegionKind.Function);
        return outer;
    }

    public static void LeaveFunction(ProgramParser p, in FunctionState outer)
    {
        p.Scopes.Close();
        p.State.Function = outer;
    }

    // 15.2, 15.5, 15.6, 15.8: declarations.
    public static Statement ParseFunctionStatement(ProgramParser p, int start, StatementPlace place, FunctionForm form)
    {
        bool plainOnly = place is StatementPlace.Branch or StatementPlace.Labelled;
        if (place == StatementPlace.Body || (plainOnly && p.State.Function.Strict))
            p.EarlyError(p.Token.Start, "A function cannot be declared here; put it into a block");
        p.Next();
        if (plainOnly && p.Token.Type == TokenType.Star) p.EarlyError(p.Token.Start, "A generator cannot be declared here; put it into a block");
        if (p.Eat(TokenType.Star)) form |= FunctionForm.Generator;
        Identifier name = Identifiers.ParseIdentifier(p);
        if (p.IsTyped) return ParseTypedFunction(p, start, name, form, place);
        Identifiers.CheckBinding(p, name, FunctionBinding(p, form));
        return ParseFunctionRest(p, start, name, form)!;
    }

    // 14.2.1: the kind of binding that a function declaration makes.
    private static DeclarationKind FunctionBinding(ProgramParser p, FunctionForm form)
    {
        if (!p.State.Function.Strict && form == FunctionForm.Plain) return DeclarationKind.Function;
        return p.Scopes.FunctionsAreVarHere ? DeclarationKind.Function : DeclarationKind.Lexical;
    }

    /// <summary>Reads the parameters and body of a function declaration. Null if it has no body, as an overload in TypeScript.</summary>
    public static FunctionDeclaration? ParseFunctionRest(ProgramParser p, int start, Identifier? name, FunctionForm form)
    {
        FunctionState outer = EnterFunction(p, form, SyntaxContext.Return | SyntaxContext.NewTarget);
        if (p.IsTyped) Types.SkipTypeParameters(p);
        ImmutableArray<Node> parameters = ParseParameters(p);
        if (p.IsTyped && EndsWithoutBody(p, in outer)) return null;
        BlockStatement body = ParseFunctionBody(p, name, parameters, ParameterRule.MayRepeat);
        LeaveFunction(p, in outer);
        return new FunctionDeclaration(start, p.Token.LastEnd, name, (form & FunctionForm.Generator) != 0, (form & FunctionForm.Async) != 0, parameters, body);
    }

    // 15.2, 15.5, 15.6, 15.8: expressions. Their own rules for yield and await apply to their name.
    public static FunctionExpression ParseFunctionExpression(ProgramParser p, int start, FunctionForm form)
    {
        p.Next();
        if (p.Eat(TokenType.Star)) form |= FunctionForm.Generator;
        FunctionState outer = EnterFunction(p, form, SyntaxContext.Return | SyntaxContext.NewTarget);
        Identifier? name = p.Token.Type == TokenType.LeftParenthesis || (p.IsTyped && p.Token.Type == TokenType.Less) ? null : Identifiers.ParseIdentifier(p);
        if (p.IsTyped) Types.SkipTypeParameters(p);
        ImmutableArray<Node> parameters = ParseParameters(p);
        BlockStatement body = ParseFunctionBody(p, name, parameters, ParameterRule.MayRepeat);
        LeaveFunction(p, in outer);
        return new FunctionExpression(start, p.Token.LastEnd, name, (form & FunctionForm.Generator) != 0, (form & FunctionForm.Async) != 0, parameters, body);
    }

    // 15.4 Method Definitions, from the parenthesis on.
    public static FunctionExpression? ParseMethod(ProgramParser p, FunctionForm form, SyntaxContext super, BodyRule rule)
    {
        if (p.IsTyped) Types.SkipTypeParameters(p);
        int start = p.Token.Start;
        FunctionState outer = EnterFunction(p, form, SyntaxContext.Return | SyntaxContext.NewTarget | super);
        ImmutableArray<Node> parameters = ParseParameters(p);
        if (rule == BodyRule.MayBeMissing && EndsWithoutBody(p, in outer)) return null;
        BlockStatement body = ParseFunctionBody(p, null, parameters, ParameterRule.Unique);
        LeaveFunction(p, in outer);
        return new FunctionExpression(start, p.Token.LastEnd, null, (form & FunctionForm.Generator) != 0, (form & FunctionForm.Async) != 0, parameters, body);
    }

    // 15.1 Parameter Lists.
    private static ImmutableArray<Node> ParseParameters(ProgramParser p)
    {
        if (p.IsTyped) return ParseTypedParameters(p);
        p.Expect(TokenType.LeftParenthesis);
        int mark = p.Nodes.Count;
        while (p.Token.Type != TokenType.RightParenthesis && !p.Failed)
        {
            if (p.Token.Type == TokenType.Ellipsis)
            {
                p.Nodes.Push(Patterns.ParseBindingRest(p));
                break;
            }

            p.Nodes.Push(Patterns.ParseBindingElement(p));
            p.Separate(TokenType.RightParenthesis);
        }

        ImmutableArray<Node> parameters = p.Nodes.Take<Node>(mark);
        p.Expect(TokenType.RightParenthesis);
        CheckParameterExpressions(p);
        return parameters;
    }

    // 15.3.1, 15.5.1, 15.6.1, 15.8.1, 15.9.1.
    public static void CheckParameterExpressions(ProgramParser p)
    {
        int yieldAt = p.State.Function.YieldAt, awaitAt = p.State.Function.AwaitAt;
        if (yieldAt != 0 && (awaitAt == 0 || yieldAt < awaitAt)) p.EarlyError(yieldAt - 1, "'yield' cannot be used in parameters");
        if (awaitAt != 0) p.EarlyError(awaitAt - 1, "'await' cannot be used in parameters");
    }

    public static BlockStatement ParseFunctionBody(ProgramParser p, Identifier? name, ImmutableArray<Node> parameters, ParameterRule rule)
    {
        int start = p.Token.Start;
        if (p.Token.Type != TokenType.LeftBrace)
        {
            p.Unexpected("'{'");
            return new BlockStatement(start, start, []);
        }

        bool wasStrict = p.State.Function.Strict;
        int repeated = DeclareParameters(p, parameters);
        p.Next();
        int mark = p.Nodes.Count;
        Statements.ParseDirectives(p);
        CheckFunctionHead(p, start, name, parameters, repeated, wasStrict, rule);
        while (p.Token.Type != TokenType.RightBrace && !p.Failed)
        {
            if (p.Token.Type == TokenType.End) p.Unexpected("'}'");
            else p.PushStatement(Statements.ParseStatement(p, StatementPlace.List));
        }

        ImmutableArray<Statement> body = p.Nodes.Take<Statement>(mark);
        // The token behind the brace is outside again.
        p.State.Function.Strict = wasStrict;
        p.Next();
        return new BlockStatement(start, p.Token.LastEnd, body);
    }

    /// <summary>Declares the parameters. Returns the offset of the first duplicate, or -1.</summary>
    public static int DeclareParameters(ProgramParser p, ImmutableArray<Node> parameters)
    {
        p.State.ParametersSince = p.Scopes.Now();
        p.State.RepeatedParameter = -1;
        foreach (Node parameter in parameters) Patterns.CheckPattern(p, parameter, DeclarationKind.Parameter);
        return p.State.RepeatedParameter;
    }

    /// <summary>Checks the head again when the directives of the body are known: they may make the names before it strict code.</summary>
    private static void CheckFunctionHead(
        ProgramParser p, int start, Identifier? name, ImmutableArray<Node> parameters, int repeated, bool wasStrict, ParameterRule rule)
    {
        bool isSimple = IsSimple(parameters);
        if (repeated >= 0 && (p.State.Function.Strict || !isSimple || rule == ParameterRule.Unique)) p.EarlyError(repeated, "Two parameters have this name");
        if (!p.State.Function.Strict) return;
        if (!isSimple && p.State.HasStrictDirective) p.EarlyError(start, "A function with patterns, defaults or a rest element cannot contain 'use strict'");
        if (name is not null) CheckStrictName(p, name, wasStrict);
        if (wasStrict) return;
        foreach (Node parameter in parameters)
        {
            if (parameter is Identifier identifier) CheckStrictName(p, identifier, wasStrict);
        }
    }

    private static void CheckStrictName(ProgramParser p, Identifier name, bool wasStrict)
    {
        Identifiers.CheckBinding(p, name, DeclarationKind.None);
        if (wasStrict || p.Failed) return;
        int number = p.Names.Find(name.Name);
        if (number is >= KnownName.FirstStrictReserved and <= KnownName.LastStrictReserved)
            p.EarlyError(name.Start, $"'{name.Name}' is reserved in strict code");
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
