using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Binding patterns (ECMA-262 14.3.3), and the checks of bindings and assignment targets (13.15.1, 14.3.3.1).</summary>
internal static partial class Patterns
{
    /// <summary>Reads a name, an object pattern or an array pattern.</summary>
    public static Node ParseBindingTarget(ProgramParser p)
    {
        if (p.Token.Type is not (TokenType.LeftBrace or TokenType.LeftBracket)) return Identifiers.ParseIdentifier(p);
        if (!p.Enter()) return Placeholder.Missing;
        Node pattern = p.Token.Type == TokenType.LeftBrace ? ParseObjectPattern(p) : ParseArrayPattern(p);
        p.Leave();
        return pattern;
    }

    // BindingElement: a target, possibly with a default.
    public static Node ParseBindingElement(ProgramParser p)
    {
        int start = p.Token.Start;
        return ParseDefault(p, start, ParseBindingTarget(p));
    }

    public static Node ParseDefault(ProgramParser p, int start, Node target)
    {
        if (!p.Eat(TokenType.Assign)) return target;
        Expression value = Expressions.ParseAssignment(p);
        return new AssignmentPattern(start, p.Token.LastEnd, target, value);
    }

    public static RestElement ParseBindingRest(ProgramParser p)
    {
        int start = BeginRest(p);
        Node target = ParseBindingTarget(p);
        if (p.IsTyped) Types.SkipAnnotation(p);
        return FinishRest(p, start, target);
    }

    // BindingRestProperty: a name only.
    private static RestElement ParseObjectRest(ProgramParser p) => FinishRest(p, BeginRest(p), Identifiers.ParseIdentifier(p));

    private static int BeginRest(ProgramParser p)
    {
        int start = p.Token.Start;
        p.Next();
        return start;
    }

    private static RestElement FinishRest(ProgramParser p, int start, Node argument)
    {
        if (p.Token.Type == TokenType.Comma) p.Fail(ParseErrorCode.Syntax, p.Token.Start, "Nothing can follow a rest element");
        return new RestElement(start, p.Token.LastEnd, argument);
    }

    private static ArrayPattern ParseArrayPattern(ProgramParser p)
    {
        int start = p.Token.Start;
        p.Next();
        int mark = p.Nodes.Count;
        while (p.Token.Type != TokenType.RightBracket && !p.Failed)
        {
            if (p.Token.Type == TokenType.Comma)
            {
                p.Nodes.Push(null);
            }
            else if (p.Token.Type == TokenType.Ellipsis)
            {
                p.Nodes.Push(ParseBindingRest(p));
                break;
            }
            else
            {
                p.Nodes.Push(ParseBindingElement(p));
            }

            p.Separate(TokenType.RightBracket);
        }

        ImmutableArray<Node?> elements = p.Nodes.Take<Node?>(mark);
        p.Expect(TokenType.RightBracket);
        return new ArrayPattern(start, p.Token.LastEnd, elements);
    }

    private static ObjectPattern ParseObjectPattern(ProgramParser p)
    {
        int start = p.Token.Start;
        p.Next();
        int mark = p.Nodes.Count;
        while (p.Token.Type != TokenType.RightBrace && !p.Failed)
        {
            p.Nodes.Push(p.Token.Type == TokenType.Ellipsis ? ParseObjectRest(p) : ParseBindingProperty(p));
            p.Separate(TokenType.RightBrace);
        }

        ImmutableArray<Node> properties = p.Nodes.Take<Node>(mark);
        p.Next();
        return new ObjectPattern(start, p.Token.LastEnd, properties);
    }

    // BindingProperty.
    private static Property ParseBindingProperty(ProgramParser p)
    {
        int start = p.Token.Start;
        PropertyName name = Objects.ParsePropertyName(p);
        if (p.Eat(TokenType.Colon))
        {
            Node value = ParseBindingElement(p);
            return new Property(start, p.Token.LastEnd, false, false, name.IsComputed, name.Key, value, PropertyKind.Init);
        }

        Node target = ParseDefault(p, start, Objects.ToShorthand(p, name));
        return new Property(start, p.Token.LastEnd, false, true, false, name.Key, target, PropertyKind.Init);
    }

    /// <summary>Passes on what a pattern assigns to: names, members, and what cannot be assigned to.</summary>
    public static void EachTarget(ProgramParser p, Node node, Action<ProgramParser, Node> target)
    {
        switch (node)
        {
            case ObjectPattern pattern:
                foreach (Node property in pattern.Properties) EachTarget(p, property is Property { Value: var value } ? value : property, target);
                break;
            case ArrayPattern pattern:
                foreach (Node? element in pattern.Elements)
                {
                    if (element is not null) EachTarget(p, element, target);
                }

                break;
            case AssignmentPattern pattern:
                EachTarget(p, pattern.Left, target);
                break;
            case RestElement rest:
                EachTarget(p, rest.Argument, target);
                break;
            default:
                target(p, node);
                break;
        }
    }

    /// <summary>Checks each name of a pattern, and declares it.</summary>
    public static void CheckPattern(ProgramParser p, Node node, DeclarationKind kind)
    {
        switch (node)
        {
            case Identifier identifier:
                Identifiers.CheckBinding(p, identifier, kind);
                break;
            case ObjectPattern pattern:
                foreach (Node property in pattern.Properties) CheckPattern(p, property is Property { Value: var value } ? value : property, kind);
                break;
            case ArrayPattern pattern:
                foreach (Node? element in pattern.Elements)
                {
                    if (element is not null) CheckPattern(p, element, kind);
                }

                break;
            case AssignmentPattern { Left: not Identifier } when kind == DeclarationKind.None:
                // It was read as an assignment, and its target is checked already. Checking it again would walk nested patterns once per level.
                break;
            case AssignmentPattern pattern:
                CheckPattern(p, pattern.Left, kind);
                break;
            case RestElement rest:
                CheckPattern(p, rest.Argument, kind);
                break;
            case MemberExpression when kind == DeclarationKind.None:
                break;
            case ChainExpression:
                p.EarlyError(node.Start, "An expression with '?.' cannot be assigned to");
                break;
            default:
                p.EarlyError(node.Start, kind == DeclarationKind.None ? "This cannot be assigned to" : "This cannot be declared");
                break;
        }
    }

    /// <summary>Checks the target of an operator that changes one value: ++, --, += and the like (13.4.1, 13.15.1).</summary>
    public static void CheckSimpleTarget(ProgramParser p, Node node)
    {
        if (node is not (Identifier or MemberExpression or ChainExpression)) p.EarlyError(node.Start, "This cannot be assigned to");
        else CheckPattern(p, node, DeclarationKind.None);
    }
}
