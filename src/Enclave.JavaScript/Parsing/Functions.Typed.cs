using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Functions with types: parameters, results, overloads.</summary>
internal static partial class Functions
{
    private static Statement ParseTypedFunction(ProgramParser p, int start, Identifier name, FunctionForm form, StatementPlace place)
    {
        FunctionDeclaration? function = ParseFunctionRest(p, start, name, form);
        if (function is null)
        {
            p.State.DescribesValue = true;
            return Placeholder.ErasedAt(place, p.Token.LastEnd);
        }

        Identifiers.CheckBinding(p, name, FunctionBinding(p, form));
        return function;
    }

    /// <summary>Ends a function that is only a signature. False if it has a body.</summary>
    private static bool EndsWithoutBody(ProgramParser p, in FunctionState outer)
    {
        if (p.Token.Type == TokenType.LeftBrace || (p.Token.Type != TokenType.Semicolon && !p.CanEndStatement)) return false;
        LeaveFunction(p, in outer);
        p.Semicolon();
        return true;
    }

    // From the parenthesis to the type of the result.
    private static ImmutableArray<Node> ParseTypedParameters(ProgramParser p)
    {
        List<Identifier>? properties = p.State.ParameterProperties;
        p.State.ParameterProperties = null;
        p.Expect(TokenType.LeftParenthesis);
        int mark = p.Nodes.Count;
        while (p.Token.Type != TokenType.RightParenthesis && !p.Failed)
        {
            int modifier = Classes.SkipParameterModifiers(p);
            if (p.Token.Type == TokenType.This) SkipThisParameter(p);
            else p.Nodes.Push(ParseTypedParameter(p));
            if (modifier >= 0 && p.State.Ambient == 0 && !p.Failed) Classes.AddParameterProperty(p, modifier, p.Nodes[p.Nodes.Count - 1]!, properties);
            bool isRest = p.Nodes.Count > mark && p.Nodes[p.Nodes.Count - 1]!.Kind == NodeKind.RestElement;
            if (isRest && p.Token.Type == TokenType.Comma) p.Fail(ParseErrorCode.Syntax, p.Token.Start, "Nothing can follow a rest element");
            p.Separate(TokenType.RightParenthesis);
        }

        ImmutableArray<Node> parameters = p.Nodes.Take<Node>(mark);
        p.Expect(TokenType.RightParenthesis);
        CheckParameterExpressions(p);
        Types.SkipReturnAnnotation(p);
        return parameters;
    }

    private static Node ParseTypedParameter(ProgramParser p)
    {
        int start = p.Token.Start;
        bool isRest = p.Eat(TokenType.Ellipsis);
        Node target = Patterns.ParseBindingTarget(p);
        p.DropIf(TokenType.Question);
        Types.SkipAnnotation(p);
        return isRest ? new RestElement(start, p.Token.LastEnd, target) : Patterns.ParseDefault(p, start, target);
    }

    // function f(this: T): for the compiler only.
    private static void SkipThisParameter(ProgramParser p)
    {
        p.Next();
        Types.SkipAnnotation(p);
    }
}
