using System.Globalization;
using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Tests.Conformance;

/// <summary>Removes differences without meaning between the suite's explicit forms and the others: the notation of keys, and the grouping of commas.</summary>
internal sealed class SameMeaning : AstRewriter
{
    public static Program Of(Program program) => (Program)new SameMeaning().Rewrite((Node)program);

    protected override Node VisitSequenceExpression(SequenceExpression node)
    {
        var rewritten = (SequenceExpression)base.VisitSequenceExpression(node);
        return new SequenceExpression(node.Start, node.End, [
            .. rewritten.Expressions.SelectMany((each) => each is SequenceExpression inner ? (IEnumerable<Expression>)inner.Expressions : [each])]);
    }

    protected override Node VisitProperty(Property node)
    {
        var rewritten = (Property)base.VisitProperty(node);
        return rewritten.IsComputed || rewritten.IsShorthand
            ? rewritten
            : new Property(node.Start, node.End, rewritten.IsMethod, false, false, Key(rewritten.Key), rewritten.Value, rewritten.PropertyKind);
    }

    protected override Node VisitMethodDefinition(MethodDefinition node)
    {
        var rewritten = (MethodDefinition)base.VisitMethodDefinition(node);
        return rewritten.IsComputed
            ? rewritten
            : new MethodDefinition(node.Start, node.End, rewritten.IsStatic, false, Key(rewritten.Key), rewritten.MethodKind, rewritten.Value);
    }

    private static Expression Key(Expression key) => key switch
    {
        Identifier name => new StringLiteral(key.Start, key.End, name.Name),
        NumberLiteral number => new StringLiteral(key.Start, key.End, number.Value.ToString("R", CultureInfo.InvariantCulture)),
        _ => key,
    };
}
