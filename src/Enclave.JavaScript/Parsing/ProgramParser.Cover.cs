using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Parsing;

/// <summary>
/// Text that may be an expression or a pattern until a later token decides (the cover grammars of ECMA-262 13.2.5.1, 13.15.1, 15.3 and 15.9).
/// It is read as an expression. Errors that apply to only one of the two are remembered.
/// </summary>
internal sealed partial class ProgramParser
{
    private struct Cover
    {
        public static readonly Cover Nothing = new()
        {
            Initializer = -1,
            CommaBehindSpread = -1,
            ParenthesizedTarget = -1,
            ParenthesizedBinding = -1,
            SecondProto = -1,
        };

        /// <summary>The = of a shorthand property with a default: not an expression.</summary>
        public int Initializer;

        /// <summary>A comma behind a spread element: not a pattern.</summary>
        public int CommaBehindSpread;

        /// <summary>Parentheses around anything but a simple assignment target: not a pattern.</summary>
        public int ParenthesizedTarget;

        /// <summary>Parentheses around anything: not a binding.</summary>
        public int ParenthesizedBinding;

        /// <summary>A second __proto__ with a value: not an expression (Annex B.3.1).</summary>
        public int SecondProto;

        // Both are -1 in nearly every expression: one test.
        public readonly bool IsNoExpression => (Initializer & SecondProto) != -1;
    }

    /// <summary>Records the error if the text has to be an expression and is not one.</summary>
    private void CheckExpression(in Cover cover)
    {
        if (!cover.IsNoExpression) return;
        if (cover.Initializer >= 0) Fail(
            ParseErrorCode.Syntax, cover.Initializer, "A property of an object is given its value with ':'; '=' is a default, and only stands in patterns");
        else EarlyError(cover.SecondProto, "An object literal can have only one '__proto__' with a value");
    }

    private void CheckAssignmentPattern(in Cover cover)
    {
        CheckRest(in cover);
        if (cover.ParenthesizedTarget >= 0) EarlyError(cover.ParenthesizedTarget, "This cannot be assigned to");
    }

    private void CheckBindingPattern(in Cover cover)
    {
        CheckRest(in cover);
        if (cover.ParenthesizedBinding < 0) return;
        EarlyError(cover.ParenthesizedBinding,
            IsTyped ? "A parameter cannot have parentheses of its own or an assertion" : "A parameter cannot stand in parentheses of its own");
    }

    private void CheckRest(in Cover cover)
    {
        if (cover.CommaBehindSpread >= 0) Fail(ParseErrorCode.Syntax, cover.CommaBehindSpread, "Nothing can follow a rest element");
    }

    /// <summary>Converts an expression to the assignment pattern that it stands for.</summary>
    private Node ToAssignable(Node node, ref Cover cover)
    {
        if (node is ObjectExpression or ArrayExpression) CheckAssignmentPattern(in cover);
        // A default is allowed only inside a pattern.
        if (node is AssignmentExpression) EarlyError(node.Start, "This cannot be assigned to");
        return ToPattern(node, PatternUse.Assignment);
    }

    private enum PatternUse : byte
    {
        Assignment,
        Binding,
    }

    private Node ToPattern(Node node, PatternUse use)
    {
        switch (node)
        {
            case Identifier or ObjectPattern or ArrayPattern or AssignmentPattern or RestElement:
                return node;
            case MemberExpression when use == PatternUse.Assignment:
                return node;
            case ObjectExpression expression:
                return ToObjectPattern(expression, use);
            case ArrayExpression expression:
                return new ArrayPattern(node.Start, node.End, ToPatterns(expression.Elements, use));
            case SpreadElement spread:
                return ToRest(spread, use);
            case AssignmentExpression { Operator: AssignmentOperator.Assign } assignment:
                // Its left side is a pattern already.
                if (use == PatternUse.Binding) RefuseMembers(assignment.Left);
                return new AssignmentPattern(node.Start, node.End, assignment.Left, assignment.Right);
            case AssignmentExpression assignment:
                Fail(ParseErrorCode.Syntax, assignment.Left.End, "A default is given with '='");
                return s_missing;
            case ChainExpression:
                EarlyError(node.Start, "An expression with '?.' cannot be assigned to");
                return s_missing;
            default:
                EarlyError(node.Start, use == PatternUse.Binding ? "This cannot be a parameter" : "This cannot be assigned to");
                return s_missing;
        }
    }

    private ObjectPattern ToObjectPattern(ObjectExpression expression, PatternUse use)
    {
        int mark = Nodes.Count;
        foreach (Node property in expression.Properties) Nodes.Push(ToPatternProperty(property, use));
        return new ObjectPattern(expression.Start, expression.End, Nodes.Take<Node>(mark));
    }

    private Node ToPatternProperty(Node node, PatternUse use)
    {
        if (node is SpreadElement spread)
        {
            RestElement rest = ToRest(spread, use);
            // 14.3.3 and 13.15.5: the target of an object's rest element must be simple.
            if (rest.Argument is ObjectPattern or ArrayPattern) EarlyError(rest.Argument.Start, "The rest of an object cannot be taken apart");
            return rest;
        }

        var property = (Property)node;
        if (property.PropertyKind != PropertyKind.Init || property.IsMethod)
        {
            EarlyError(property.Key.Start, "A pattern cannot contain methods, getters or setters");
            return s_missing;
        }

        Node value = ToPattern(property.Value, use);
        return ReferenceEquals(value, property.Value)
            ? property
            : new Property(property.Start, property.End, false, property.IsShorthand, property.IsComputed, property.Key, value, PropertyKind.Init);
    }

    private RestElement ToRest(SpreadElement spread, PatternUse use)
    {
        Node argument = ToPattern(spread.Argument, use);
        if (argument is AssignmentPattern) EarlyError(argument.Start, "A rest element cannot have a default");
        return new RestElement(spread.Start, spread.End, argument);
    }

    private ImmutableArray<Node?> ToPatterns(ImmutableArray<Expression?> elements, PatternUse use)
    {
        int mark = Nodes.Count;
        foreach (Expression? element in elements) Nodes.Push(element is null ? null : ToPattern(element, use));
        return Nodes.Take<Node?>(mark);
    }

    /// <summary>Refuses member expressions in a pattern that was read as an assignment's left side: they can be assigned, but not declared.</summary>
    private void RefuseMembers(Node node)
    {
        switch (node)
        {
            case MemberExpression:
                EarlyError(node.Start, "This cannot be a parameter");
                break;
            case ObjectPattern pattern:
                foreach (Node property in pattern.Properties) RefuseMembers(property is Property { Value: var value } ? value : property);
                break;
            case ArrayPattern pattern:
                foreach (Node? element in pattern.Elements)
                {
                    if (element is not null) RefuseMembers(element);
                }

                break;
            case AssignmentPattern pattern:
                RefuseMembers(pattern.Left);
                break;
            case RestElement rest:
                RefuseMembers(rest.Argument);
                break;
        }
    }
}
