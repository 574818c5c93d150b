using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Scoring;

/// <summary>Assigns the parts of an initial value to the names of a pattern.</summary>
internal readonly struct PatternBinding(ScriptWalk walk)
{
    public void Bind(Node target, Expression value)
    {
        switch (target)
        {
            case Identifier name:
                walk.Values[name] = value;
                if (value is Identifier) walk.Aliases[value] = name;
                break;
            case AssignmentPattern pattern:
                Bind(pattern.Left, value);
                break;
            case ObjectPattern pattern:
                BindProperties(pattern, value);
                break;
            case ArrayPattern pattern:
                for (int i = 0; i < pattern.Elements.Length; i++)
                {
                    Expression? element =
                        value is ArrayExpression array && i < array.Elements.Length && array.Elements[i] is not SpreadElement ? array.Elements[i] : null;
                    if (pattern.Elements[i] is { } node) BindPart(node, element, value);
                }

                break;
        }
    }

    private void BindProperties(ObjectPattern pattern, Expression value)
    {
        Dictionary<string, Expression>? parts = value is ObjectExpression literal ? Parts(literal) : null;
        foreach (Node node in pattern.Properties)
        {
            if (node is not Property property)
            {
                BindPart(node, null, value);
                continue;
            }

            string? key = ArgumentReader.KeyOf(property);
            Expression? part = key is null ? null : parts?.GetValueOrDefault(key);
            if (part is null && PickedTool(property) is { } tool) walk.PickedTools.Add(tool);
            else BindPart(property.Value, part, value);
        }
    }

    private void BindPart(Node target, Expression? part, Expression whole)
    {
        if (part is not null) Bind(target, part);
        else BindWhole(target, whole);
    }

    /// <summary>Every name in the target receives an unknown part of the value.</summary>
    private void BindWhole(Node target, Expression whole)
    {
        switch (target)
        {
            case AssignmentPattern { Left: ObjectPattern or ArrayPattern } pattern:
                BindWhole(pattern.Left, whole);
                break;
            case ObjectPattern pattern:
                // Its keys are those of a part of the value, not of the value itself.
                foreach (Node node in pattern.Properties)
                {
                    if (node is Property property && PickedTool(property) is { } tool) walk.PickedTools.Add(tool);
                    else BindWhole((node as Property)?.Value ?? node, whole);
                }

                break;
            case ArrayPattern pattern:
                foreach (Node? element in pattern.Elements)
                {
                    if (element is not null) BindWhole(element, whole);
                }

                break;
            default:
                if (Name(target) is { } name) walk.Wholes[name] = whole;
                break;
        }
    }

    private static Identifier? PickedTool(Property property) =>
        ArgumentReader.KeyOf(property) is { } key && ToolNames.IsToolFunction(key) ? Name(property.Value) : null;

    private static Identifier? Name(Node target) => target switch
    {
        Identifier name => name,
        AssignmentPattern { Left: Identifier name } => name,
        RestElement { Argument: Identifier name } => name,
        _ => null,
    };

    private static Dictionary<string, Expression> Parts(ObjectExpression literal)
    {
        var parts = new Dictionary<string, Expression>(StringComparer.Ordinal);
        foreach (Node node in literal.Properties)
        {
            if (node is Property { Value: Expression value } property && ArgumentReader.KeyOf(property) is { } key) parts[key] = value;
        }

        return parts;
    }
}
