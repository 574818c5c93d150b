using System.Globalization;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Transforms;

/// <summary>Counts the iterations of loops, per entry of a loop and in total.</summary>
/// <remarks>
/// <c>for (…) body</c> becomes
/// <c>{ let __ag_i1 = 0; try { for (…) { if ((__ag_i1 = __ag_i1 + 1 | 0) &gt;= __ag_each) __ag_limit(__ag_n + __ag_i1, offset); body } }
/// finally { if ((__ag_n += __ag_i1) &gt; __ag_total) __ag_limit(__ag_n, offset); } }</c>.
/// Each round counts only a local variable, which the engine keeps in a register. Counting in memory made tight
/// loops 2.7 times as slow; this way they are 1.4 times as slow.
/// <c>| 0</c> keeps the count within 32 bits, so the engine does not check for overflow.
/// A block may stand wherever a loop may, so the rewrite works anywhere. A label stays directly in front of its loop, where continue looks for it.
/// A <see cref="SteppedLoop"/> needs no count of its own: see ProgramTransform.Stepped.cs.
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
        return InBlock(node, CountedLabel(node));
    }

    private static Statement Innermost(Statement statement)
    {
        while (statement is LabeledStatement label) statement = label.Body;
        return statement;
    }

    private static bool IsLoop(Statement statement) => statement.Kind is NodeKind.ForStatement or NodeKind.ForInStatement or NodeKind.ForOfStatement
        or NodeKind.WhileStatement or NodeKind.DoWhileStatement;

    private CountedLoop CountedLabel(LabeledStatement node)
    {
        CountedLoop inner = node.Body switch
        {
            LabeledStatement label => CountedLabel(label),
            ForStatement loop => Counted(loop),
            ForInStatement loop => Counted(loop),
            ForOfStatement loop => Counted(loop),
            WhileStatement loop => Counted(loop),
            _ => Counted((DoWhileStatement)node.Body),
        };
        return inner with { Loop = new LabeledStatement(node.Start, node.End, inner.Loop, node.Label) };
    }

    private CountedLoop Counted(ForStatement node)
    {
        string number = NextNumber();
        if (_stepped.Of(node) is { } stepped) return Stepped(node, stepped, number);
        Node? init = node.Init is null ? null : Rewrite(node.Init);
        Expression? test = node.Test is null ? null : Rewrite<Expression>(node.Test);
        Expression? update = node.Update is null ? null : Rewrite<Expression>(node.Update);
        return Counted(new ForStatement(node.Start, node.End, init, test, update, Body(node, node.Body, number)), number);
    }

    private CountedLoop Counted(ForInStatement node)
    {
        string number = NextNumber();
        return Counted(new ForInStatement(node.Start, node.End, Rewrite(node.Left), Rewrite<Expression>(node.Right), Body(node, node.Body, number)), number);
    }

    private CountedLoop Counted(ForOfStatement node)
    {
        string number = NextNumber();
        return Counted(new ForOfStatement(
            node.Start, node.End, node.IsAwait, Rewrite(node.Left), Rewrite<Expression>(node.Right), Body(node, node.Body, number)), number);
    }

    private CountedLoop Counted(WhileStatement node)
    {
        string number = NextNumber();
        return Counted(new WhileStatement(node.Start, node.End, Rewrite<Expression>(node.Test), Body(node, node.Body, number)), number);
    }

    private CountedLoop Counted(DoWhileStatement node)
    {
        string number = NextNumber();
        return Counted(new DoWhileStatement(node.Start, node.End, Body(node, node.Body, number), Rewrite<Expression>(node.Test)), number);
    }

    private string NextNumber() => (++_loops).ToString(CultureInfo.InvariantCulture);

    private static CountedLoop Counted(Statement loop, string number)
    {
        string counter = HiddenNames.Loop + number;
        var zero = new VariableDeclarator(loop.Start, loop.Start, Name(loop, counter), Number(loop, 0));
        return new(loop, [Let(loop, zero)], [StopAbove(loop, Added(loop, Name(loop, counter)))]);
    }

    private static BlockStatement InBlock(Statement at, CountedLoop counted)
    {
        var loop = new BlockStatement(at.Start, at.End, [counted.Loop]);
        // A finally block, so that the rounds count even if return or a label leaves the loop.
        var counting = new TryStatement(at.Start, at.End, loop, null, new BlockStatement(at.Start, at.Start, counted.After));
        return new BlockStatement(at.Start, at.End, [.. counted.Before, counting]);
    }

    private BlockStatement Body(Statement loop, Statement body, string number)
    {
        string counter = HiddenNames.Loop + number;
        Statement rewritten = Rewrite<Statement>(body);
        var test = new BinaryExpression(loop.Start, loop.Start, Next(loop, counter), BinaryOperator.GreaterOrEqual, Name(loop, HiddenNames.Each));
        var counted = new BinaryExpression(loop.Start, loop.Start, Name(loop, HiddenNames.Count), BinaryOperator.Add, Name(loop, counter));
        var check = new IfStatement(loop.Start, loop.Start, test, Statement(Stop(loop, counted)), null);
        return rewritten switch
        {
            EmptyStatement => new BlockStatement(body.Start, body.End, [check]),
            BlockStatement block => new BlockStatement(body.Start, body.End, [check, .. block.Body]),
            _ => new BlockStatement(body.Start, body.End, [check, rewritten]),
        };
    }

    private static VariableDeclaration Let(Node at, params ImmutableArray<VariableDeclarator> variables) =>
        new(at.Start, at.Start, variables, VariableKind.Let);

    private static AssignmentExpression Added(Node at, Expression rounds) =>
        new(at.Start, at.Start, AssignmentOperator.Add, Name(at, HiddenNames.Count), rounds);

    private static IfStatement StopAbove(Node at, Expression total)
    {
        var reached = new BinaryExpression(at.Start, at.Start, total, BinaryOperator.Greater, Name(at, HiddenNames.Total));
        return new IfStatement(at.Start, at.Start, reached, Statement(Stop(at, Name(at, HiddenNames.Count))), null);
    }

    private static AssignmentExpression Next(Node at, string name)
    {
        var next = new BinaryExpression(at.Start, at.Start, Name(at, name), BinaryOperator.Add, Number(at, 1));
        var narrowed = new BinaryExpression(at.Start, at.Start, next, BinaryOperator.BitwiseOr, Number(at, 0));
        return new AssignmentExpression(at.Start, at.Start, AssignmentOperator.Assign, Name(at, name), narrowed);
    }

    private static NumberLiteral Number(Node at, int value) => new(at.Start, at.Start, value);

    private static CallExpression Stop(Node at, Expression counted) =>
        new(at.Start, at.Start, Name(at, HiddenNames.Limit), [counted, new NumberLiteral(at.Start, at.Start, at.Start)], false);

    /// <summary>A loop that counts its rounds: what stands before it, and in the finally block after it.</summary>
    private readonly record struct CountedLoop(Statement Loop, ImmutableArray<Statement> Before, ImmutableArray<Statement> After);
}
