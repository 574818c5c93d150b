using System.Runtime.InteropServices;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Transforms;

/// <summary>Adds run-time checks of computed keys, unless the text shows that they are harmless: <c>o[k]</c> becomes <c>o[__ag_key(k)]</c>.</summary>
internal sealed partial class ProgramTransform
{
    protected override Node VisitMemberExpression(MemberExpression node)
    {
        var rewritten = (MemberExpression)base.VisitMemberExpression(node);
        if (_harmless is null || !node.IsComputed || _harmless.IsHarmless(node.Property)) return rewritten;
        return new MemberExpression(node.Start, node.End, rewritten.Object, Guarded(rewritten.Property), true, node.IsOptional);
    }

    protected override Node VisitObjectPattern(ObjectPattern node)
    {
        var rewritten = (ObjectPattern)base.VisitObjectPattern(node);
        if (_harmless is null) return rewritten;
        Node[]? properties = null;
        for (int i = 0; i < rewritten.Properties.Length; i++)
        {
            if (rewritten.Properties[i] is not Property { IsComputed: true } property || _harmless.IsHarmless(((Property)node.Properties[i]).Key)) continue;
            properties ??= [.. rewritten.Properties];
            properties[i] = new Property(property.Start, property.End, false, false, true, Guarded(property.Key), property.Value, PropertyKind.Init);
        }

        return properties is null ? rewritten : new ObjectPattern(node.Start, node.End, ImmutableCollectionsMarshal.AsImmutableArray(properties));
    }

    private static CallExpression Guarded(Expression key) => new(key.Start, key.End, Name(key, HiddenNames.Key), [key], false);
}
