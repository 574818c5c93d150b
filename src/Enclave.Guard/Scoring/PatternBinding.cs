using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Scoring;

/// <summary>Which name gets which part of an initial value.</summary>
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
                    Expression? element = value is ArrayExpression array && i < array.Elements.Length && array.Elements[i] is not SpreadElement ? array.Elements[i] : null;
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
            if (part is null && key is not null && ToolNames.IsToolFunction(key) && Name(property.Value) is { } tool) walk.PickedTools.Add(tool);
            else BindPart(property.Value, part, value);
        }
    }

    private void BindPart(Node target, Expression? part, Expression whole)
    {
        if (part is not null) Bind(target, part);
        else if (target is ObjectPattern or ArrayPattern) Bind(target, whole);
        else if (Name(target) is { } name) walk.Wholes[name] = whole;
    }

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
