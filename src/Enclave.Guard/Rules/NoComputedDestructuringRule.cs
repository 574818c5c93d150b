using System.Collections.Frozen;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary><c>no-computed-destructuring</c>: no computed keys in patterns, because patterns read them before a guard can check them.</summary>
internal sealed class NoComputedDestructuringRule(FrozenSet<string> dangerous, ComputedKeys computed) : IGuardRule
{
    private static readonly RuleCode s_computed = new("NO_COMPUTED_DESTRUCTURING");
    private static readonly RuleCode s_dangerous = new("NO_DANGEROUS_DESTRUCTURING");

    public static RuleDescription Description { get; } = new(
        "no-computed-destructuring", [s_computed, s_dangerous],
        "Refuses computed keys in patterns, and keys by which a script would reach the engine.",
        "Read the property instead: const value = o[key].");

    public RuleDescription About => Description;

    public ImmutableArray<NodeKind> Kinds { get; } = [NodeKind.ObjectPattern];

    public void Visit(Node node, RuleContext context)
    {
        foreach (Node part in ((ObjectPattern)node).Properties)
        {
            if (part is not Property property) continue;
            if (computed == ComputedKeys.Refuse && property.IsComputed && property.Key is not (StringLiteral or NumberLiteral))
            {
                context.Report(this, s_computed, property.Key, "Computed keys are not allowed in patterns");
            }

            foreach (string key in context.Keys.Of(property))
            {
                if (!dangerous.Contains(key)) continue;
                context.Report(this, s_dangerous, property.Key, $"'{key}' cannot be taken out of an object", "Name data fields only.", ("identifier", key));
                break;
            }
        }
    }
}

/// <summary>A policy's rule for computed keys.</summary>
internal enum ComputedKeys
{
    /// <summary>They are refused.</summary>
    Refuse,

    /// <summary>They are checked by their possible values.</summary>
    Judge,
}
