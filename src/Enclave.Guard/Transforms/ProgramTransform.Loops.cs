using System.Globalization;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Transforms;

/// <summary>Counts the rounds of loops: each time one is entered, and all together.</summary>
/// <remarks>
/// <c>for (…) body</c> becomes <c>{ let __ag_i1 = 0; for (…) { if (++__ag_i1 &gt; __ag_each || ++__ag_n &gt; __ag_total) __ag_limit(__ag_n, offset); body } }</c>.
/// A block may stand wherever a loop may, so it does not matter where the loop stands; a label stays directly in front of its loop, where continue looks for it.
/// </remarks>
internal sealed partial class ProgramTransform
{
    protected override Node VisitForStatement(ForStatement node) => InBlock(node, Counted(node));

    protected override Node VisitForInStatement(ForInStatement node) => InBlock(node, Counted(node));

    protected override Node VisitForOfStatement(ForOfStatement node) => InBlock(node, Counted(node));

    protected override Node VisitWhileStatement(WhileStatement node) => InBlock(node, Counted(node));

    protected override Node VisitDoWhileStatement(DoWhileStatement node) => InBlock(node, Counted(node));

    protected override Node VisitLabeledStatement(LabeledStatement node)
    {
        if (!IsLoop(Innermost(node))) return base.VisitLabeledStatement(node);
        (Statement loop, string counter) = CountedLabel(node);
        return InBlock(node, (loop, counter));
    }

    private static Statement Innermost(Statement statement)
    {
        while (statement is LabeledStatement label) statement = label.Body;
        return statement;
    }

    private static bool IsLoop(Statement statement) => statement.Kind is NodeKind.ForStatement or NodeKind.ForInStatement or NodeKind.ForOfStatement
        or NodeKind.WhileStatement or NodeKind.DoWhileStatement;

    private (Statement Loop, string Counter) CountedLabel(LabeledStatement node)
    {
        (Statement body, string counter) = node.Body switch
        {
            LabeledStatement inner => CountedLabel(inner),
            ForStatement loop => Counted(loop),
            ForInStatement loop => Counted(loop),
            ForOfStatement loop => Counted(loop),
            WhileStatement loop => Counted(loop),
            _ => Counted((DoWhileStatement)node.Body),
        };
        return (new LabeledStatement(node.Start, node.End, body, node.Label), counter);
    }

    private (Statement Loop, string Counter) Counted(ForStatement node)
    {
        string counter = NextCounter();
        Node? init = node.Init is null ? null : Rewrite(node.Init);
        Expression? test = node.Test is null ? null : Rewrite<Expression>(node.Test);
        Expression? update = node.Update is null ? null : Rewrite<Expression>(node.Update);
        return (new ForStatement(node.Start, node.End, init, test, update, Body(node, node.Body, counter)), counter);
    }

    private (Statement Loop, string Counter) Counted(ForInStatement node)
    {
        string counter = NextCounter();
        return (new ForInStatement(node.Start, node.End, Rewrite(node.Left), Rewrite<Expression>(node.Right), Body(node, node.Body, counter)), counter);
    }

    private (Statement Loop, string Counter) Counted(ForOfStatement node)
    {
        string counter = NextCounter();
        return (new ForOfStatement(node.Start, node.End, node.IsAwait, Rewrite(node.Left), Rewrite<Expression>(node.Right), Body(node, node.Body, counter)), counter);
    }

    private (Statement Loop, string Counter) Counted(WhileStatement node)
    {
        string counter = NextCounter();
        return (new WhileStatement(node.Start, node.End, Rewrite<Expression>(node.Test), Body(node, node.Body, counter)), counter);
    }

    private (Statement Loop, string Counter) Counted(DoWhileStatement node)
    {
        string counter = NextCounter();
        return (new DoWhileStatement(node.Start, node.End, Body(node, node.Body, counter), Rewrite<Expression>(node.Test)), counter);
    }

    private string NextCounter() => HiddenNames.Loop + (++_loops).ToString(CultureInfo.InvariantCulture);

    private static BlockStatement InBlock(Statement at, (Statement Loop, string Counter) counted)
    {
        var zero = new VariableDeclarator(at.Start, at.Start, Name(at, counted.Counter), new NumberLiteral(at.Start, at.Start, 0));
        return new BlockStatement(at.Start, at.End, [new VariableDeclaration(at.Start, at.Start, [zero], VariableKind.Let), counted.Loop]);
    }

    private BlockStatement Body(Statement loop, Statement body, string counter)
    {
        Statement rewritten = Rewrite<Statement>(body);
        var each = new BinaryExpression(loop.Start, loop.Start, Increment(loop, counter), BinaryOperator.Greater, Name(loop, HiddenNames.Each));
        var test = new LogicalExpression(loop.Start, loop.Start, each, LogicalOperator.Or, TotalReached(loop));
        var check = new IfStatement(loop.Start, loop.Start, test, Statement(Stop(loop)), null);
        return rewritten switch
        {
            EmptyStatement => new BlockStatement(body.Start, body.End, [check]),
            BlockStatement block => new BlockStatement(body.Start, body.End, [check, .. block.Body]),
            _ => new BlockStatement(body.Start, body.End, [check, rewritten]),
        };
    }

    private static UpdateExpression Increment(Node at, string name) => new(at.Start, at.Start, UpdateOperator.Increment, true, Name(at, name));

    private static BinaryExpression TotalReached(Node at) =>
        new(at.Start, at.Start, Increment(at, HiddenNames.Count), BinaryOperator.Greater, Name(at, HiddenNames.Total));

    private static CallExpression Stop(Node at) =>
        new(at.Start, at.Start, Name(at, HiddenNames.Limit), [Name(at, HiddenNames.Count), new NumberLiteral(at.Start, at.Start, at.Start)], false);
}
