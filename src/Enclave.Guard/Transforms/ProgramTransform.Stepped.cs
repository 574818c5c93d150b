using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Transforms;

/// <summary>Counts the rounds of a stepped loop at its end, all at once.</summary>
/// <remarks>
/// <c>for (let i = 2; i &lt; 99; i += 3) body</c> becomes
/// <c>{ let i = 2, __ag_b1 = (__ag_each - 1) * 3 + 2; __ag_b1 = __ag_b1 &lt; 99 ? __ag_b1 | 0 : 99; try { for (; i &lt; __ag_b1; i += 3) body }
/// finally { __ag_n += (i - 2) / 3; if (i &lt; __ag_b1) __ag_n++; else if (i &lt; 99) __ag_limit(__ag_n + 1, offset);
/// if (__ag_n &gt; __ag_total) __ag_limit(__ag_n, offset); } }</c>.
/// A loop that is left in its body has its variable below the bound, and that round counts too. A variable that reached the bound before the loop's
/// own end has made as many rounds as a loop may: the next one would be too many.
/// <c>| 0</c> keeps the bound within 32 bits, whatever the limit is.
/// A start or a step that varies makes products above 32 bits, for which V8 would compile the loop again. So a loop that cannot make as many rounds as a
/// loop may has its own end for the bound: <c>rounds &lt; __ag_each ? end : …</c>.
/// </remarks>
internal sealed partial class ProgramTransform
{
    private CountedLoop Stepped(ForStatement node, SteppedLoop loop, string number)
    {
        Identifier variable = Name(node, loop.Variable), bound = Name(node, HiddenNames.Bound + number), count = Name(node, HiddenNames.Count);
        NumberLiteral end = Number(node, loop.End);
        Expression most = Binary(node, Name(node, HiddenNames.Each), BinaryOperator.Subtract, Number(node, 1));
        if (!IsNumber(loop.Step, 1)) most = Binary(node, most, BinaryOperator.Multiply, loop.Step);
        if (!IsNumber(loop.Start, 0)) most = Binary(node, most, BinaryOperator.Add, loop.Start);
        if (loop.Varies)
        {
            BinaryExpression isShort = Binary(node, Number(node, loop.Rounds), BinaryOperator.Less, Name(node, HiddenNames.Each));
            most = new ConditionalExpression(node.Start, node.Start, isShort, end, most);
        }

        var narrow = new ConditionalExpression(
            node.Start, node.Start, Binary(node, bound, BinaryOperator.Less, end), Binary(node, bound, BinaryOperator.BitwiseOr, Number(node, 0)), end);
        ExpressionStatement nearest = Statement(new AssignmentExpression(node.Start, node.Start, AssignmentOperator.Assign, bound, narrow));
        VariableDeclaration before = Let(node, loop.Declaration, new VariableDeclarator(node.Start, node.Start, bound, most));

        BinaryExpression goesOn = Binary(node.Test!, variable, BinaryOperator.Less, bound);
        var counted = new ForStatement(node.Start, node.End, null, goesOn, Rewrite<Expression>(node.Update!), Rewrite<Statement>(node.Body));

        Expression rounds = IsNumber(loop.Start, 0) ? variable : Binary(node, variable, BinaryOperator.Subtract, loop.Start);
        if (!IsNumber(loop.Step, 1)) rounds = Binary(node, rounds, BinaryOperator.Divide, loop.Step);
        var last = new UpdateExpression(node.Start, node.Start, UpdateOperator.Increment, false, count);
        ExpressionStatement tooMany = Statement(Stop(node, Binary(node, count, BinaryOperator.Add, Number(node, 1))));
        var cut = new IfStatement(node.Start, node.Start, Binary(node, variable, BinaryOperator.Less, end), tooMany, null);
        var unfinished = new IfStatement(node.Start, node.Start, Binary(node, variable, BinaryOperator.Less, bound), Statement(last), cut);
        return new(counted, [before, nearest], [Statement(Added(node, rounds)), unfinished, StopAbove(node, count)]);
    }

    private static BinaryExpression Binary(Node at, Expression left, BinaryOperator operation, Expression right) =>
        new(at.Start, at.Start, left, operation, right);

    private static bool IsNumber(Expression expression, double value) => expression is NumberLiteral number && number.Value == value;
}
