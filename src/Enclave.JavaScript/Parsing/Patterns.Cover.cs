using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Parsing;

/// <summary>
/// Text that may be an expression or a pattern until a later token decides (the cover grammars of ECMA-262 13.2.5.1, 13.15.1, 15.3 and 15.9).
/// It is read as an expression. Errors that apply to only one of the two are remembered.
/// </summary>
internal static partial class Patterns
{
    /// <summary>Records the error if the text has to be an expression and is not one.</summary>
    public static void CheckExpression(ProgramParser p, in Cover cover)
    {
        if (!cover.IsNoExpression) return;
        if (cover.Initializer >= 0) p.Fail(
            ParseErrorCode.Syntax, cover.Initializer, "A property of an object is given its value with ':'; '=' is a default, and only stands in patterns");
        else p.EarlyError(cover.SecondProto, "An object literal can have only one '__proto__' with a value");
    }

    private static void CheckAssignmentPattern(ProgramParser p, in Cover cover)
    {
        CheckRest(p, in cover);
        if (cover.ParenthesizedTarget >= 0) p.EarlyError(cover.ParenthesizedTarget, "This cannot be assigned to");
    }

    public static void CheckBindingPattern(ProgramParser p, in Cover cover)
    {
        CheckRest(p, in cover);
        if (cover.ParenthesizedBinding < 0) return;
        p.EarlyError(cover.ParenthesizedBinding,
            p.IsTyped ? "A parameter cannot have parentheses of its own or an assertion" : "A parameter cannot stand in parentheses of its own");
    }

    private static void CheckRest(ProgramParser p, in Cover cover)
    {
        if (cover.CommaBehindSpread >= 0) p.Fail(ParseErrorCode.Syntax, cover.CommaBehindSpread, "Nothing can follow a rest element");
    }

    /// <summary>Converts an expression to the assignment pattern that it stands for.</summary>
    public static Node ToAssignable(ProgramParser p, Node node, ref Cover cover)
    {
        if (node is ObjectExpression or ArrayExpression) CheckAssignmentPattern(p, in cover);
        // A default is allowed only inside a pattern.
        if (node is AssignmentExpression) p.EarlyError(node.Start, "This cannot be assigned to");
        return ToPattern(p, node, PatternUse.Assignment);
    }

    public static Node ToPattern(ProgramParser p, Node node, PatternUse use)
    {
        switch (node)
        {
            case Identifier or ObjectPattern or ArrayPattern or AssignmentPattern or RestElement:
                return node;
            case MemberExpression when use == PatternUse.Assignment:
                return node;
            case ObjectExpression expression:
                return ToObjectPattern(p, expression, use);
            case ArrayExpression expression:
                return new ArrayPattern(node.Start, node.End, ToPatterns(p, expression.Elements, use));
            case SpreadElement spread:
                return ToRest(p, spread, use);
            case AssignmentExpression { Operator: AssignmentOperator.Assign } assignment:
                // Its left side is a pattern already.
                if (use == PatternUse.Binding) RefuseMembers(p, assignment.Left);
                return new AssignmentPattern(node.Start, node.End, assignment.Left, assignment.Right);
            case AssignmentExpression assignment:
                p.Fail(ParseErrorCode.Syntax, assignment.Left.End, "A default is given with '='");
                return Placeholder.Missing;
            case ChainExpression:
                p.EarlyError(node.Start, "An expression with '?.' cannot be assigned to");
                return Placeholder.Missing;
            default:
                p.EarlyError(node.Start, use == PatternUse.Binding ? "This cannot be a parameter" : "This cannot be assigned to");
                return Placeholder.Missing;
        }
    }

    private static ObjectPattern ToObjectPattern(ProgramParser p, ObjectExpression expression, PatternUse use)
    {
        int mark = p.Nodes.Count;
        foreach (Node property in expression.Properties) p.Nodes.Push(ToPatternProperty(p, property, use));
        return new ObjectPattern(expression.Start, expression.End, p.Nodes.Take<Node>(mark));
    }

    private static Node ToPatternProperty(ProgramParser p, Node node, PatternUse use)
    {
        if (node is SpreadElement spread)
        {
            RestElement rest = ToRest(p, spread, use);
            // 14.3.3 and 13.15.5: the target of an object's rest element must be simple.
            if (rest.Argument is ObjectPattern or ArrayPattern) p.EarlyError(rest.Argument.Start, "The rest of an object cannot be taken apart");
            return rest;
        }

        var property = (Property)node;
        if (property.PropertyKind != PropertyKind.Init || property.IsMethod)
        {
            p.EarlyError(property.Key.Start, "A pattern cannot contain methods, getters or setters");
            return Placeholder.Missing;
        }

        Node value = ToPattern(p, property.Value, use);
        return ReferenceEquals(value, property.Value)
            ? property
            : new Property(property.Start, property.End, false, property.IsShorthand, property.IsComputed, property.Key, value, PropertyKind.Init);
    }

    private static RestElement ToRest(ProgramParser p, SpreadElement spread, PatternUse use)
    {
        Node argument = ToPattern(p, spread.Argument, use);
        if (argument is AssignmentPattern) p.EarlyError(argument.Start, "A rest element cannot have a default");
        return new RestElement(spread.Start, spread.End, argument);
    }

    private static ImmutableArray<Node?> ToPatterns(ProgramParser p, ImmutableArray<Expression?> elements, PatternUse use)
    {
        int mark = p.Nodes.Count;
        foreach (Expression? element in elements) p.Nodes.Push(element is null ? null : ToPattern(p, element, use));
        return p.Nodes.Take<Node?>(mark);
    }

    /// <summary>Refuses member expressions in a pattern that was read as an assignment's left side: they can be assigned, but not declared.</summary>
    private static void RefuseMembers(ProgramParser p, Node pattern) => EachTarget(p, pattern, static (p, target) =>
    {
        if (target is MemberExpression) p.EarlyError(target.Start, "This cannot be a parameter");
    });
}
