using System.Collections.Frozen;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary><c>no-global-access</c>: no access that avoids names, through the global object, constructors or reflection.</summary>
internal sealed class NoGlobalAccessRule(GlobalObjectUse globalObject, FrozenSet<string> reflection, ReflectUse reflect) : IGuardRule
{
    private static readonly RuleCode s_access = new("NO_GLOBAL_ACCESS");
    private static readonly RuleCode s_constructor = new("NO_CONSTRUCTOR_ACCESS");
    private static readonly RuleCode s_destructure = new("NO_GLOBAL_DESTRUCTURE");
    private static readonly RuleCode s_reflect = new("NO_REFLECT_API");
    private static readonly RuleCode s_meta = new("NO_META_PROGRAMMING");

    public static RuleDescription Description { get; } = new(
        "no-global-access", [s_access, s_constructor, s_destructure, s_reflect, s_meta],
        "Refuses members of the global object, constructor, Reflect, and the reflection functions of Object.",
        "Use names directly, and Object.keys, values, entries, fromEntries and assign for objects.");

    public RuleDescription About => Description;

    public ImmutableArray<NodeKind> Kinds { get; } =
        [NodeKind.MemberExpression, NodeKind.CallExpression, NodeKind.ObjectPattern];

    public void Visit(Node node, RuleContext context)
    {
        switch (node)
        {
            case MemberExpression member: Visit(member, context); break;
            case CallExpression call: Visit(call, context); break;
            case ObjectPattern pattern: Visit(pattern, context); break;
        }
    }

    private static Expression? SourceOf(RuleContext context) => context.Parent switch
    {
        VariableDeclarator declarator => declarator.Init,
        AssignmentExpression assignment => assignment.Right,
        AssignmentPattern pattern => pattern.Right,
        _ => null,
    };

    private void Visit(MemberExpression member, RuleContext context)
    {
        if (globalObject == GlobalObjectUse.Refuse && context.Names.IsGlobalObject(member.Object))
        {
            string name = context.Names.GlobalNameOf(member.Object) ?? "this";
            context.Report(
                this, s_access, member, $"Members of '{name}' are not allowed", "Use the name directly, and const for names of your own.",
                ("accessType", member.IsComputed ? "computed" : "member"));
        }

        if (reflect == ReflectUse.Refuse && context.Names.GlobalNameOf(member.Object) == "Reflect")
        {
            context.Report(this, s_reflect, member, "Reflect is not allowed");
        }

        foreach (string key in context.Keys.Of(member))
        {
            if (ReportKey(key, member.Property, context)) break;
        }
    }

    /// <summary>Checks calls that make an object with a prototype of the script's choice. <c>Object.create(null)</c> makes a plain one.</summary>
    private void Visit(CallExpression call, RuleContext context)
    {
        if (!reflection.Contains("create") || call.Arguments is [NullLiteral]) return;
        if (context.Names.Resolve(call.Callee) is not MemberExpression member || context.Names.GlobalNameOf(member.Object) != "Object") return;
        if (context.Keys.Of(member) is ["create"])
        {
            context.Report(
                this, s_meta, call, "Object.create with a prototype or descriptors is not allowed",
                "Write an object literal, spread one, or use Object.create(null).", ("method", "create"));
        }
    }

    private void Visit(ObjectPattern pattern, RuleContext context)
    {
        if (globalObject == GlobalObjectUse.Refuse && SourceOf(context) is { } source && context.Names.IsGlobalObject(source))
        {
            context.Report(this, s_destructure, pattern, "The global object cannot be taken apart", "Use the names directly, and const for names of your own.");
        }

        foreach (Node node in pattern.Properties)
        {
            if (node is not Property property) continue;
            foreach (string key in context.Keys.Of(property))
            {
                if (key != "constructor" && ReportKey(key, property.Key, context)) break;
            }
        }
    }

    /// <summary>Reports keys that data never has, on any object: the object may be an alias.</summary>
    private bool ReportKey(string key, Node at, RuleContext context)
    {
        if (key == "constructor")
        {
            context.Report(
                this, s_constructor, at, "Access to 'constructor' is not allowed", "Compare with typeof or Array.isArray; make values with literals.");
            return true;
        }

        // Short names that data has too are checked only where they are called on Object.
        if (key == "create" || !reflection.Contains(key)) return false;
        context.Report(this, s_meta, at, $"'{key}' is not allowed: it reads or changes what objects are made of", data: ("method", key));
        return true;
    }
}

/// <summary>A policy's rule for the global object.</summary>
internal enum GlobalObjectUse
{
    /// <summary>Its members are refused.</summary>
    Refuse,

    /// <summary>Its members are checked like names.</summary>
    Allow,
}

/// <summary>A policy's rule for Reflect.</summary>
internal enum ReflectUse
{
    /// <summary>All of it is refused.</summary>
    Refuse,

    /// <summary>Only the listed reflection functions are refused.</summary>
    Listed,
}
