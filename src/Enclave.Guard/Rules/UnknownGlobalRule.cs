using System.Collections.Frozen;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Rules;

/// <summary><c>unknown-global</c>: names that neither the script declares nor the policy allows.</summary>
internal sealed class UnknownGlobalRule(FrozenSet<string> disallowed) : IGuardRule
{
    private static readonly RuleCode s_code = new("UNKNOWN_GLOBAL");

    public static RuleDescription Description { get; } = new(
        "unknown-global", [s_code],
        "Refuses names that are neither declared nor among the allowed globals.",
        "Declare it with const or let before it is used, or correct the name. Earlier scripts leave no names.");

    public RuleDescription About => Description;

    public ImmutableArray<NodeKind> Kinds => [];

    public void Visit(Node node, RuleContext context) { }

    public void Finish(RuleContext context)
    {
        IReadOnlySet<string> allowed = context.Policy.AllowedGlobals;
        HashSet<string>? written = null;
        foreach (Reference reference in context.Scopes.Free)
        {
            string name = reference.Identifier.Name;
            // Another rule reports disallowed names.
            if (allowed.Contains(name) || disallowed.Contains(name)) continue;
            // Searching for a similar name is expensive.
            if (!context.HasRoom(this, s_code)) return;
            // A name that gets a value is meant as a variable.
            bool isVariable = reference.IsWrite || (written ??= Written(context)).Contains(name);
            string? hint = isVariable ? $"Declare it: write let {name} = …, or const." : NameHints.For(reference.Identifier, context);
            context.Report(this, s_code, reference.Identifier, $"'{name}' is not defined", hint, ("identifier", name));
        }
    }

    private static HashSet<string> Written(RuleContext context) =>
        context.Scopes.Free.Where((reference) => reference.IsWrite).Select((reference) => reference.Identifier.Name).ToHashSet(StringComparer.Ordinal);
}
