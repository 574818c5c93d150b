using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Printing;

internal sealed partial class TreePrinter
{
    // In the readable style, an object with more properties, or with other than plain ones, gets one line per property.
    private const int PropertiesOnALine = 3;

    private void PrintObjectExpression(ObjectExpression node)
    {
        // 14.5, 15.3: here the brace would open a block.
        if (_length == _statementStart || _length == _arrowStart) PrintParenthesized(node);
        else PrintProperties(node, node.Properties);
    }

    private void PrintProperties(Node node, ImmutableArray<Node> properties)
    {
        EnsureStack();
        Mark(node.Start);
        bool lines = IsReadable && !FitsOnALine(properties);
        OpenBrace();
        for (int i = 0; i < properties.Length; i++)
        {
            if (i > 0) Write(',');
            if (lines) NewLine();
            else Blank();
            if (properties[i] is Property property) PrintProperty(property);
            else PrintTarget(properties[i]);
        }

        _indent--;
        if (lines) NewLine();
        else if (properties.Length > 0) Blank();
        Write('}');
    }

    private static bool FitsOnALine(ImmutableArray<Node> properties)
    {
        if (properties.Length > PropertiesOnALine) return false;
        foreach (Node node in properties)
        {
            if (node is Property { Value: IFunction or IClass or ObjectExpression }) return false;
        }

        return true;
    }

    private void PrintProperty(Property property)
    {
        if (property.PropertyKind != PropertyKind.Init)
        {
            PrintModifier(property.PropertyKind.Text());
            PrintMethod(property, (FunctionExpression)property.Value);
            return;
        }

        if (property.IsMethod)
        {
            PrintMethod(property, (FunctionExpression)property.Value);
            return;
        }

        if (property.IsShorthand)
        {
            if (IsStillShorthand(property))
            {
                PrintTarget(property.Value);
                return;
            }

            // B.3.1: printed with its key, __proto__ would set the prototype. The shorthand does not.
            if (property.Key is Identifier { Name: "__proto__" } key && property.Value is Expression)
            {
                Write("[\"__proto__\"]:");
                Blank();
                PrintTarget(property.Value);
                return;
            }
        }

        PrintKey(property);
        Write(':');
        Blank();
        PrintTarget(property.Value);
    }

    /// <summary>True if the value is still a name equal to the key. A rewriter may have changed one of them.</summary>
    private static bool IsStillShorthand(Property property)
    {
        Node value = property.Value is AssignmentPattern pattern ? pattern.Left : property.Value;
        return property.Key is Identifier key && value is Identifier name && key.Name == name.Name;
    }

    private void PrintArray<T>(Node node, ImmutableArray<T> elements) where T : Node?
    {
        EnsureStack();
        Mark(node.Start);
        Write('[');
        for (int i = 0; i < elements.Length; i++)
        {
            if (i > 0) Comma();
            if (elements[i] is { } element) PrintTarget(element);
            // 13.2.4: a trailing comma does not count, so a hole at the end needs its own comma.
            else if (i == elements.Length - 1) Write(',');
        }

        Write(']');
    }

    /// <summary>Prints a binding, an assignment target, or an expression in the place of one: a value of a property, an element of an array.</summary>
    private void PrintTarget(Node node)
    {
        switch (node.Kind)
        {
            case NodeKind.Identifier: PrintIdentifier((Identifier)node); break;
            case NodeKind.ObjectPattern: PrintProperties(node, ((ObjectPattern)node).Properties); break;
            case NodeKind.ArrayPattern: PrintArray(node, ((ArrayPattern)node).Elements); break;
            case NodeKind.RestElement: PrintSpread(node, ((RestElement)node).Argument); break;
            case NodeKind.AssignmentPattern:
                var pattern = (AssignmentPattern)node;
                PrintAssigned(pattern, pattern.Left, pattern.Right);
                PrintEquals();
                Print(pattern.Right, Level.Assignment);
                break;
            default:
                Print(node as Expression ?? throw new InvalidOperationException($"{node.Kind} is neither an expression nor a target"), Level.Assignment);
                break;
        }
    }

    /// <summary>Prints the target of an assignment or a default.</summary>
    private void PrintAssigned(Node assignment, Node target, Expression value)
    {
        // 13.15.2: a plain name on the left names an anonymous function; a name in parentheses does not. Parentheses begin before the name.
        bool isNameless = value is FunctionExpression { Id: null } or ClassExpression { Id: null } or ArrowFunctionExpression;
        if (isNameless && target.Kind == NodeKind.Identifier && assignment.Start < target.Start) PrintParenthesized((Identifier)target);
        else PrintTarget(target);
    }
}
