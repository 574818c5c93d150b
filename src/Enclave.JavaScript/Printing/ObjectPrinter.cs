using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Printing;

/// <summary>Objects, arrays and patterns.</summary>
internal static class ObjectPrinter
{
    // In the readable style, an object with more properties, or with other than plain ones, gets one line per property.
    private const int PropertiesOnALine = 3;

    public static void PrintObjectExpression(TreePrinter p, ObjectExpression node)
    {
        // 14.5, 15.3: here the brace would open a block.
        if (p.Length == p.StatementStart || p.Length == p.ArrowStart) ExpressionPrinter.PrintParenthesized(p, node);
        else PrintProperties(p, node, node.Properties);
    }

    private static void PrintProperties(TreePrinter p, Node node, ImmutableArray<Node> properties)
    {
        TreePrinter.EnsureStack();
        p.Mark(node.Start);
        bool lines = p.IsReadable && !FitsOnALine(properties);
        p.OpenBrace();
        for (int i = 0; i < properties.Length; i++)
        {
            if (i > 0) p.Write(',');
            if (lines) p.NewLine();
            else p.Blank();
            if (properties[i] is Property property) PrintProperty(p, property);
            else PrintTarget(p, properties[i]);
        }

        p.Indent--;
        if (lines) p.NewLine();
        else if (properties.Length > 0) p.Blank();
        p.Write('}');
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

    public static void PrintProperty(TreePrinter p, Property property)
    {
        if (property.PropertyKind != PropertyKind.Init)
        {
            FunctionPrinter.PrintModifier(p, property.PropertyKind.Text());
            FunctionPrinter.PrintMethod(p, property, (FunctionExpression)property.Value);
            return;
        }

        if (property.IsMethod)
        {
            FunctionPrinter.PrintMethod(p, property, (FunctionExpression)property.Value);
            return;
        }

        if (property.IsShorthand)
        {
            if (IsStillShorthand(property))
            {
                PrintTarget(p, property.Value);
                return;
            }

            // B.3.1: printed with its key, __proto__ would set the prototype. The shorthand does not.
            if (property.Key is Identifier { Name: "__proto__" } key && property.Value is Expression)
            {
                p.Write("[\"__proto__\"]:");
                p.Blank();
                PrintTarget(p, property.Value);
                return;
            }
        }

        FunctionPrinter.PrintKey(p, property);
        p.Write(':');
        p.Blank();
        PrintTarget(p, property.Value);
    }

    /// <summary>True if the value is still a name equal to the key. A rewriter may have changed one of them.</summary>
    private static bool IsStillShorthand(Property property)
    {
        Node value = property.Value is AssignmentPattern pattern ? pattern.Left : property.Value;
        return property.Key is Identifier key && value is Identifier name && key.Name == name.Name;
    }

    public static void PrintArray<T>(TreePrinter p, Node node, ImmutableArray<T> elements) where T : Node?
    {
        TreePrinter.EnsureStack();
        p.Mark(node.Start);
        p.Write('[');
        for (int i = 0; i < elements.Length; i++)
        {
            if (i > 0) p.Comma();
            if (elements[i] is { } element) PrintTarget(p, element);
            // 13.2.4: a trailing comma does not count, so a hole at the end needs its own comma.
            else if (i == elements.Length - 1) p.Write(',');
        }

        p.Write(']');
    }

    /// <summary>Prints a binding, an assignment target, or an expression in the place of one: a value of a property, an element of an array.</summary>
    public static void PrintTarget(TreePrinter p, Node node)
    {
        switch (node.Kind)
        {
            case NodeKind.Identifier: LiteralPrinter.PrintIdentifier(p, (Identifier)node); break;
            case NodeKind.ObjectPattern: PrintProperties(p, node, ((ObjectPattern)node).Properties); break;
            case NodeKind.ArrayPattern: PrintArray(p, node, ((ArrayPattern)node).Elements); break;
            case NodeKind.RestElement: ExpressionPrinter.PrintSpread(p, node, ((RestElement)node).Argument); break;
            case NodeKind.AssignmentPattern:
                var pattern = (AssignmentPattern)node;
                PrintAssigned(p, pattern, pattern.Left, pattern.Right);
                StatementPrinter.PrintEquals(p);
                ExpressionPrinter.Print(p, pattern.Right, Level.Assignment);
                break;
            default:
                if (node is not Expression expression) throw new InvalidOperationException($"{node.Kind} is neither an expression nor a target");
                ExpressionPrinter.Print(p, expression, Level.Assignment);
                break;
        }
    }

    /// <summary>Prints the target of an assignment or a default.</summary>
    public static void PrintAssigned(TreePrinter p, Node assignment, Node target, Expression value)
    {
        // 13.15.2: a plain name on the left names an anonymous function; a name in parentheses does not. Parentheses begin before the name.
        bool isNameless = value is FunctionExpression { Id: null } or ClassExpression { Id: null } or ArrowFunctionExpression;
        if (isNameless && target.Kind == NodeKind.Identifier && assignment.Start < target.Start) ExpressionPrinter.PrintParenthesized(p, (Identifier)target);
        else PrintTarget(p, target);
    }
}
