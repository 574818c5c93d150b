using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary><c>no-user-functions</c>: only arrow functions. Other functions bring <c>this</c>, <c>arguments</c> and generators.</summary>
internal sealed class NoUserFunctionsRule(ArrowUse arrows) : IGuardRule
{
    private static readonly RuleCode s_declaration = new("NO_USER_FUNCTION_DECLARATION");
    private static readonly RuleCode s_expression = new("NO_USER_FUNCTION_EXPRESSION");
    private static readonly RuleCode s_arrow = new("NO_USER_ARROW_FUNCTION");
    private static readonly RuleCode s_method = new("NO_USER_METHOD_DEFINITION");
    private static readonly RuleCode s_shorthand = new("NO_USER_METHOD_SHORTHAND");

    public static RuleDescription Description { get; } = new(
        "no-user-functions", [s_declaration, s_expression, s_arrow, s_method, s_shorthand],
        "Refuses functions other than arrows, and methods, getters and setters.",
        "Write an arrow function: const f = (x) => x + 1.");

    public RuleDescription About => Description;

    public ImmutableArray<NodeKind> Kinds { get; } = [NodeKind.FunctionDeclaration, NodeKind.FunctionExpression, NodeKind.ArrowFunctionExpression];

    public void Visit(Node node, RuleContext context)
    {
        switch (node)
        {
            case FunctionDeclaration { IsGenerator: true }:
                context.Report(
                    this, s_declaration, node,
                    "Generator functions are not allowed", "Collect the values in an array and loop over it with for (const x of xs).");
                break;
            case FunctionDeclaration declaration:
                context.Report(
                    this, s_declaration, node,
                    "Function declarations are not allowed", $"Write an arrow function: const {declaration.Id?.Name ?? "f"} = (…) => ….");
                break;
            case ArrowFunctionExpression when arrows == ArrowUse.Refuse:
                context.Report(this, s_arrow, node, "Arrow functions are not allowed", "Write the statements in line, in a for loop.");
                break;
            case FunctionExpression when context.Parent is MethodDefinition method:
                context.Report(this, s_method, method, "Methods of classes are not allowed", HintForMethod(context));
                break;
            case FunctionExpression when context.Parent is Property { IsMethod: true } property:
                context.Report(
                    this, s_shorthand, property, "Methods are not allowed in objects", "Write the property with an arrow function: { f: (x) => x + 1 }.");
                break;
            case FunctionExpression when context.Parent is Property { PropertyKind: PropertyKind.Get or PropertyKind.Set } accessor:
                context.Report(this, s_expression, accessor, "Getters and setters are not allowed", "Write a value, or a property with an arrow function.");
                break;
            case FunctionExpression { IsGenerator: true }:
                context.Report(
                    this, s_expression, node,
                    "Generator functions are not allowed", "Collect the values in an array and loop over it with for (const x of xs).");
                break;
            case FunctionExpression:
                context.Report(this, s_expression, node, "Function expressions are not allowed");
                break;
        }
    }

    /// <summary>
    /// The hint for a method. A class of errors serves to throw a value with fields of its own, so the hint shows how to do that without a class.
    /// </summary>
    private static string HintForMethod(RuleContext context)
    {
        if (context.Ancestor(2) is not IClass { SuperClass: Identifier { Name: var parent } } type || !parent.EndsWith("Error", StringComparison.Ordinal))
            return "Write arrow functions that take the data as a parameter, and plain objects for the data.";
        string name = type.Id?.Name ?? "OwnError";
        return context.Policy.AllowedGlobals.Contains("Error")
            ? $"Leave the class out, and throw Object.assign(new Error('…'), {{ name: '{name}', code: '…' }}); ask for it with error.name === '{name}'."
            : $"Leave the class out, and throw {{ name: '{name}', message: '…' }}; ask for it with error.name === '{name}'.";
    }
}

/// <summary>A policy's rule for arrow functions.</summary>
internal enum ArrowUse
{
    /// <summary>They are allowed.</summary>
    Allow,

    /// <summary>They are refused, as all other functions.</summary>
    Refuse,
}
