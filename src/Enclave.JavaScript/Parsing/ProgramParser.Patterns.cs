using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Binding patterns (ECMA-262 14.3.3), and the checks of bindings and assignment targets (13.15.1, 14.3.3.1).</summary>
internal sealed partial class ProgramParser
{
    /// <summary>Reads a name, an object pattern or an array pattern.</summary>
    private Node ParseBindingTarget()
    {
        if (Token.Type is not (TokenType.LeftBrace or TokenType.LeftBracket)) return ParseIdentifier();
        if (!Enter()) return s_missing;
        Node pattern = Token.Type == TokenType.LeftBrace ? ParseObjectPattern() : ParseArrayPattern();
        Leave();
        return pattern;
    }

    // BindingElement: a target, possibly with a default.
    private Node ParseBindingElement()
    {
        int start = Token.Start;
        return ParseDefault(start, ParseBindingTarget());
    }

    private Node ParseDefault(int start, Node target)
    {
        if (!Eat(TokenType.Assign)) return target;
        Expression value = ParseAssignment();
        return new AssignmentPattern(start, Token.LastEnd, target, value);
    }

    private RestElement ParseBindingRest()
    {
        int start = BeginRest();
        Node target = ParseBindingTarget();
        if (IsTyped) SkipAnnotation();
        return FinishRest(start, target);
    }

    // BindingRestProperty: a name only.
    private RestElement ParseObjectRest() => FinishRest(BeginRest(), ParseIdentifier());

    private int BeginRest()
    {
        int start = Token.Start;
        Next();
        return start;
    }

    private RestElement FinishRest(int start, Node argument)
    {
        if (Token.Type == TokenType.Comma) Fail(ParseErrorCode.Syntax, Token.Start, "Nothing can follow a rest element");
        return new RestElement(start, Token.LastEnd, argument);
    }

    private ArrayPattern ParseArrayPattern()
    {
        int start = Token.Start;
        Next();
        int mark = Nodes.Count;
        while (Token.Type != TokenType.RightBracket && !Failed)
        {
            if (Token.Type == TokenType.Comma)
            {
                Nodes.Push(null);
            }
            else if (Token.Type == TokenType.Ellipsis)
            {
                Nodes.Push(ParseBindingRest());
                break;
            }
            else
            {
                Nodes.Push(ParseBindingElement());
            }

            Separate(TokenType.RightBracket);
        }

        ImmutableArray<Node?> elements = Nodes.Take<Node?>(mark);
        Expect(TokenType.RightBracket);
        return new ArrayPattern(start, Token.LastEnd, elements);
    }

    private ObjectPattern ParseObjectPattern()
    {
        int start = Token.Start;
        Next();
        int mark = Nodes.Count;
        while (Token.Type != TokenType.RightBrace && !Failed)
        {
            Nodes.Push(Token.Type == TokenType.Ellipsis ? ParseObjectRest() : ParseBindingProperty());
            Separate(TokenType.RightBrace);
        }

        ImmutableArray<Node> properties = Nodes.Take<Node>(mark);
        Next();
        return new ObjectPattern(start, Token.LastEnd, properties);
    }

    // BindingProperty.
    private Property ParseBindingProperty()
    {
        int start = Token.Start;
        PropertyName name = ParsePropertyName();
        if (Eat(TokenType.Colon))
        {
            Node value = ParseBindingElement();
            return new Property(start, Token.LastEnd, false, false, name.IsComputed, name.Key, value, PropertyKind.Init);
        }

        Node target = ParseDefault(start, ToShorthand(name));
        return new Property(start, Token.LastEnd, false, true, false, name.Key, target, PropertyKind.Init);
    }

    /// <summary>Checks each name of a pattern, and declares it.</summary>
    private void CheckPattern(Node node, DeclarationKind kind)
    {
        switch (node)
        {
            case Identifier identifier:
                CheckBinding(identifier, kind);
                break;
            case ObjectPattern pattern:
                foreach (Node property in pattern.Properties) CheckPattern(property is Property { Value: var value } ? value : property, kind);
                break;
            case ArrayPattern pattern:
                foreach (Node? element in pattern.Elements)
                {
                    if (element is not null) CheckPattern(element, kind);
                }

                break;
            case AssignmentPattern { Left: not Identifier } when kind == DeclarationKind.None:
                // It was read as an assignment, and its target is checked already. Checking it again would walk nested patterns once per level.
                break;
            case AssignmentPattern pattern:
                CheckPattern(pattern.Left, kind);
                break;
            case RestElement rest:
                CheckPattern(rest.Argument, kind);
                break;
            case MemberExpression when kind == DeclarationKind.None:
                break;
            case ChainExpression:
                EarlyError(node.Start, "An expression with '?.' cannot be assigned to");
                break;
            default:
                EarlyError(node.Start, kind == DeclarationKind.None ? "This cannot be assigned to" : "This cannot be declared");
                break;
        }
    }

    /// <summary>Checks the target of an operator that changes one value: ++, --, += and the like (13.4.1, 13.15.1).</summary>
    private void CheckSimpleTarget(Node node)
    {
        if (node is not (Identifier or MemberExpression or ChainExpression)) EarlyError(node.Start, "This cannot be assigned to");
        else CheckPattern(node, DeclarationKind.None);
    }
}
