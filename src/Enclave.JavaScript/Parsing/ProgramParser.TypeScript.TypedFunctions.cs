using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Functions with types: parameters, results, overloads.</summary>
internal sealed partial class ProgramParser
{
    private Statement ParseTypedFunction(int start, Identifier name, FunctionForm form, StatementPlace place)
    {
        FunctionDeclaration? function = ParseFunctionRest(start, name, form);
        if (function is null)
        {
            State.DescribesValue = true;
            return Erased(place);
        }

        CheckBinding(name, FunctionBinding(form));
        return function;
    }

    /// <summary>Ends a function that is only a signature. False if it has a body.</summary>
    private bool EndsWithoutBody(in FunctionState outer)
    {
        if (Token.Type == TokenType.LeftBrace || (Token.Type != TokenType.Semicolon && !CanEndStatement)) return false;
        LeaveFunction(in outer);
        Semicolon();
        return true;
    }

    // From the type parameters to the type of the result.
    private ImmutableArray<Node> ParseTypedParameters()
    {
        List<Identifier>? properties = State.ParameterProperties;
        State.ParameterProperties = null;
        SkipTypeParameters();
        Expect(TokenType.LeftParenthesis);
        int mark = Nodes.Count;
        while (Token.Type != TokenType.RightParenthesis && !Failed)
        {
            int modifier = SkipParameterModifiers();
            if (Token.Type == TokenType.This) SkipThisParameter();
            else Nodes.Push(ParseTypedParameter());
            if (modifier >= 0 && State.Ambient == 0 && !Failed) AddParameterProperty(modifier, Nodes[Nodes.Count - 1]!, properties);
            bool isRest = Nodes.Count > mark && Nodes[Nodes.Count - 1]!.Kind == NodeKind.RestElement;
            if (isRest && Token.Type == TokenType.Comma) Fail(ParseErrorCode.Syntax, Token.Start, "Nothing can follow a rest element");
            Separate(TokenType.RightParenthesis);
        }

        ImmutableArray<Node> parameters = Nodes.Take<Node>(mark);
        Expect(TokenType.RightParenthesis);
        CheckParameterExpressions();
        SkipReturnAnnotation();
        return parameters;
    }

    private Node ParseTypedParameter()
    {
        int start = Token.Start;
        bool isRest = Eat(TokenType.Ellipsis);
        Node target = ParseBindingTarget();
        DropIf(TokenType.Question);
        SkipAnnotation();
        return isRest ? new RestElement(start, Token.LastEnd, target) : ParseDefault(start, target);
    }

    // function f(this: T): for the compiler only.
    private void SkipThisParameter()
    {
        Next();
        SkipAnnotation();
    }
}
