using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Scoring;

/// <summary>The values behind names that have only one value, if the text shows it.</summary>
internal sealed class Bindings(ScopeTree scopes, ScriptWalk walk)
{
    private readonly Dictionary<Binding, bool> _fixed = [];

    /// <summary>The binding that a name declares or refers to.</summary>
    public Binding? Of(Identifier name) => scopes.BindingOf(name);

    /// <summary>The value of a name. Null if the text does not show it, or if it changes.</summary>
    public Expression? ValueOf(Identifier name) => Declaration(name) is { } declaration ? walk.Values.GetValueOrDefault(declaration) : null;

    /// <summary>The value of which the name gets a part, as in a destructuring; null if there is none.</summary>
    public Expression? WholeOf(Identifier name) => Declaration(name) is { } declaration ? walk.Wholes.GetValueOrDefault(declaration) : null;

    /// <summary>The function behind a name. Null if the text does not show one.</summary>
    public Region? FunctionOf(Identifier name)
    {
        if (Declaration(name) is not { } declaration) return null;
        if (walk.Functions.TryGetValue(declaration, out Region? region)) return region;
        return walk.Values.TryGetValue(declaration, out Expression? value) ? walk.FunctionRegions.GetValueOrDefault(value) : null;
    }

    private Identifier? Declaration(Identifier name)
    {
        if (Of(name) is not { Declaration: { } declaration } binding) return null;
        if (!_fixed.TryGetValue(binding, out bool isFixed))
        {
            isFixed = true;
            foreach (Reference reference in binding.References) isFixed &= !reference.IsWrite || ReferenceEquals(reference.Identifier, declaration);
            _fixed[binding] = isFixed;
        }

        return isFixed ? declaration : null;
    }
}
