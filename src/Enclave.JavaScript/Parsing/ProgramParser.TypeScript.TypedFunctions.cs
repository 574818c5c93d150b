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
            _describesValue = true;
            return Erased(place);
        }

        CheckBinding(name, FunctionBinding(form));
        return function;
    }

    /// <summary>Ends a function that is only a signature. False if it has a body.</summary>
    private bool EndsWithoutBody(in Outer outer)
    {
        if (Type == TokenType.LeftBrace || (Type != TokenType.Semicolon && !CanEndStatement)) return false;
        LeaveFunction(in outer);
        Semicolon();
        return true;
    }

    // From the type parameters to the type of the result.
    private ImmutableArray<Node> ParseTypedParameters()
    {
        List<Identifier>? properties = _parameterProperties;
        _parameterProperties = null;
        SkipTypeParameters();
        Expect(TokenType.LeftParenthesis);
        int mark = _nodeCount;
        while (Type != TokenType.RightParenthesis && !Failed)
        {
            int modifier = SkipParameterModifiers();
            if (Type == TokenType.This) SkipThisParameter();
            else Push(ParseTypedParameter());
            if (modifier >= 0 && _ambient == 0 && !Failed) AddParameterProperty(modifier, _nodes[_nodeCount - 1]!, properties);
            bool isRest = _nodeCount > mark && _nodes[_nodeCount - 1]!.Kind == NodeKind.RestElement;
            if (isRest && Type == TokenType.Comma) Fail(ParseErrorCode.Syntax, Start, "Nothing can follow a rest element");
            Separate(TokenType.RightParenthesis);
        }

        ImmutableArray<Node> parameters = Take<Node>(mark);
        Expect(TokenType.RightParenthesis);
        CheckParameterExpressions();
        SkipReturnAnnotation();
        return parameters;
    }

    private Node ParseTypedParameter()
    {
        int start = Start;
        bool isRest = Eat(TokenType.Ellipsis);
        Node target = ParseBindingTarget();
        DropIf(TokenType.Question);
        SkipAnnotation();
        return isRest ? new RestElement(start, LastEnd, target) : ParseDefault(start, target);
    }

    // function f(this: T): for the compiler only.
    private void SkipThisParameter()
    {
        Next();
        SkipAnnotation();
    }
}
