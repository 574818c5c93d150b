using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Scopes;

/// <summary>Goes through the scopes a second time and resolves the references.</summary>
internal sealed class ScopeResolver(ScopeBuilder builder, WorkMeter? meter)
{
    // The current binding of each name. A scope adds its own when it begins and removes them when it ends.
    private readonly Binding?[] _visible = new Binding?[builder.NameCount];

    /// <summary>Declares the variables for functions in blocks (Annex B.3.2.1, B.3.2.2).</summary>
    public void HoistBlockFunctions()
    {
        // Decide for all functions before the first variable is declared: a variable that is declared here must not prevent another one.
        var hoisted = new List<BlockFunction>();
        Scope? current = null;
        foreach (object? happening in builder.Events)
        {
            meter?.Step();
            if (happening is Reference) continue;
            if (happening is BlockFunction function)
            {
                if (MayHoist(function)) hoisted.Add(function);
            }
            else current = Move(current, (Scope?)happening);
        }

        foreach (BlockFunction function in hoisted) builder.Hoist(function);
    }

    /// <summary>Resolves all references.</summary>
    public ScopeTree Resolve()
    {
        var free = ImmutableArray.CreateBuilder<Reference>();
        Scope? current = null;
        foreach (object? happening in builder.Events)
        {
            meter?.Step();
            if (happening is Reference reference) Resolve(reference, free);
            else if (happening is not BlockFunction) current = Move(current, (Scope?)happening);
        }

        Distribute();
        return new ScopeTree(builder, free.DrainToImmutable());
    }

    private void Resolve(Reference reference, ImmutableArray<Reference>.Builder free)
    {
        Binding? binding = _visible[reference.NameIndex];
        reference.Binding = binding;
        if (binding is null)
        {
            free.Add(reference);
            return;
        }

        binding.ReferenceCount++;
        if (reference.IsCapture) binding.IsCaptured = true;
    }

    /// <summary>Gives each binding its part of one array.</summary>
    private void Distribute()
    {
        var all = new Reference[builder.References.Count];
        int at = 0;
        foreach (Scope scope in builder.Scopes)
        {
            foreach (Binding binding in scope.Own)
            {
                binding.References = new ArraySegment<Reference>(all, at, binding.ReferenceCount);
                at += binding.ReferenceCount;
            }
        }

        // Backwards: the counts, going down, are the indexes.
        for (int i = builder.References.Count - 1; i >= 0; i--)
        {
            Reference reference = builder.References[i];
            if (reference.Binding is { } binding) all[binding.References.Offset + --binding.ReferenceCount] = reference;
        }
    }

    private Scope? Move(Scope? current, Scope? next)
    {
        if (next is null)
        {
            foreach (Binding binding in current!.Own) _visible[binding.NameIndex] = binding.Shadowed;
            return current.Parent;
        }

        foreach (Binding binding in next.Own)
        {
            binding.Shadowed = _visible[binding.NameIndex];
            binding.BeyondCatch = IsPlainCatch(binding) ? binding.Shadowed?.BeyondCatch : binding;
            _visible[binding.NameIndex] = binding;
        }

        bool isDynamic = next.Kind == ScopeKind.With || next.MayGainVariables;
        next.DynamicDepth = isDynamic ? next.Depth : current?.DynamicDepth ?? -1;
        return next;
    }

    /// <summary>True if a var at the function's place would be neither an early error nor a parameter's name (Annex B.3.2.1, step 1.a.ii).</summary>
    private bool MayHoist(BlockFunction function)
    {
        Scope variables = function.Scope.VariableScope;
        Binding? outside = _visible[function.NameIndex]!.Shadowed?.BeyondCatch;
        if (outside is null || outside.Scope.Depth < variables.Function.Depth) return true;
        // A binding between the block and its function is always lexical: let, const, class, a function of an outer block, a catch pattern.
        if (outside.Scope.Depth > variables.Depth) return false;
        return !outside.IsLexical && outside.Kind != BindingKind.Parameter && !HidesParameter(outside);
    }

    /// <summary>True if a variable of a separate body scope, or a function in the parameters' scope, has a parameter's name.</summary>
    private static bool HidesParameter(Binding binding)
    {
        if (binding.Shadowed is { Kind: BindingKind.Parameter } outer && outer.Scope.Function == binding.Scope.Function) return true;
        return binding is { Kind: BindingKind.Function, Declaration: { } first, Scope.Kind: ScopeKind.Function }
            && first.Start < ((IFunction)binding.Scope.Node).Body.Start;
    }

    /// <summary>True if a var may have the binding's name and declare another binding (Annex B.3.4).</summary>
    private static bool IsPlainCatch(Binding binding) => binding is { Kind: BindingKind.CatchParameter, Scope.Node: CatchClause { Param: Identifier } };
}
