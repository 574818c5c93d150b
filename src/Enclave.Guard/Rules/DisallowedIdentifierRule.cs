using System.Collections.Frozen;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Rules;

/// <summary><c>disallowed-identifier</c>: names that reach out of the script, and members that reach the engine.</summary>
/// <remarks>
/// A name counts only if it refers to a global: a script's own variable, parameter or data field may have any name.
/// A member counts if data never has it: constructor, __proto__, prototype, the legacy accessors.
/// </remarks>
internal sealed class DisallowedIdentifierRule(FrozenSet<string> globals, FrozenSet<string> members, FrozenSet<string> anywhere) : IGuardRule
{
    private static readonly RuleCode s_code = new("DISALLOWED_IDENTIFIER");

    public static RuleDescription Description { get; } = new(
        "disallowed-identifier", [s_code],
        "Refuses references to listed globals, and members by which a script would reach the engine.",
        "Use the script's own variables, the listed globals, or a tool.");

    public RuleDescription About => Description;

    public ImmutableArray<NodeKind> Kinds { get; } = [NodeKind.MemberExpression, NodeKind.ObjectPattern, NodeKind.Property];

    public void Visit(Node node, RuleContext context)
    {
        switch (node)
        {
            case MemberExpression member:
                foreach (string key in context.Keys.Of(member))
                {
                    if (key == "prototype" && IsAskedOfObject(member, context)) continue;
                    bool refused = members.Contains(key) || (globals.Contains(key) && context.Names.IsGlobalObject(member.Object));
                    if (!refused) continue;
                    Report(key, member.Property, context);
                    break;
                }

                break;
            case ObjectPattern pattern:
                Visit(pattern, context);
                break;
            // In a literal every key is data, except for __proto__, which replaces the prototype.
            case Property { IsShorthand: false } property when context.Parent is ObjectExpression && context.Keys.Of(property).Contains("__proto__"):
                Report("__proto__", property.Key, context);
                break;
        }
    }

    public void Finish(RuleContext context)
    {
        foreach (Reference reference in context.Scopes.Free)
        {
            if (globals.Contains(reference.Identifier.Name)) Report(reference.Identifier.Name, reference.Identifier, context);
        }

        if (anywhere.Count > 0) FindAnywhere(context);
    }

    /// <summary>True for <c>Object.prototype.hasOwnProperty.call(o, k)</c>. It exposes nothing, and very many programs contain it.</summary>
    private static bool IsAskedOfObject(MemberExpression member, RuleContext context) =>
        context.Names.GlobalNameOf(member.Object) == "Object"
        && context.Parent is MemberExpression { IsComputed: false, Property: Identifier { Name: "hasOwnProperty" or "propertyIsEnumerable" or "toString" } }
        && context.Ancestor(1) is MemberExpression { IsComputed: false, Property: Identifier { Name: "call" } } called
        && context.Ancestor(2) is CallExpression call && ReferenceEquals(call.Callee, called);

    private static bool IsOfGlobalObject(RuleContext context) => context.Parent switch
    {
        VariableDeclarator { Init: { } value } => context.Names.IsGlobalObject(value),
        AssignmentExpression { Right: var value } => context.Names.IsGlobalObject(value),
        AssignmentPattern { Right: var value } => context.Names.IsGlobalObject(value),
        _ => false,
    };

    private void Visit(ObjectPattern pattern, RuleContext context)
    {
        bool? ofGlobalObject = null;
        foreach (Node node in pattern.Properties)
        {
            if (node is not Property property) continue;
            foreach (string key in context.Keys.Of(property))
            {
                bool refused = members.Contains(key) || (globals.Contains(key) && (ofGlobalObject ??= IsOfGlobalObject(context)));
                if (!refused) continue;
                Report(key, property.Key, context);
                break;
            }
        }
    }

    /// <summary>Names that the host itself forbids: refused even as the script's own names.</summary>
    private void FindAnywhere(RuleContext context)
    {
        foreach (Scope scope in context.Scopes.Scopes)
        {
            foreach (Binding binding in scope.Bindings)
            {
                if (anywhere.Contains(binding.Name) && binding.Declaration is { } at) Report(binding.Name, at, context);
            }
        }
    }

    private void Report(string name, Node at, RuleContext context)
    {
        if (!context.HasRoom(this, s_code)) return;
        string? hint = at is Identifier { Name: var written } identifier && written == name
            ? NameHints.For(identifier, context)
            : NameHints.For(name, context);
        context.Report(this, s_code, at, $"Identifier '{name}' is not allowed", hint, ("identifier", name));
    }
}
