using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Transforms;

/// <summary>Counts the calls of functions written as arguments of array methods: such calls are loops too.</summary>
/// <remarks>They count only towards the total, because one call of <c>map</c> is bounded by the data that exists. Comparisons of a sort are not counted:
/// their number would surprise honest programs.</remarks>
internal sealed partial class ProgramTransform
{
    protected override Node VisitCallExpression(CallExpression node)
    {
        var rewritten = (CallExpression)base.VisitCallExpression(node);
        int index = CallbackIndex(rewritten.Callee);
        if (index < 0 || index >= rewritten.Arguments.Length || Counted(rewritten.Arguments[index]) is not { } callback) return rewritten;
        return new CallExpression(node.Start, node.End, rewritten.Callee, rewritten.Arguments.SetItem(index, callback), node.IsOptional);
    }

    private static int CallbackIndex(Expression callee) =>
        callee is not MemberExpression { IsComputed: false, Property: Identifier { Name: var name } } ? -1 : name switch
        {
            "map" or "forEach" or "filter" or "reduce" or "reduceRight" or "some" or "every" or "find" or "findIndex" or "findLast" or "findLastIndex"
                or "flatMap" => 0,
            "from" => 1,
            _ => -1,
        };

    private static Expression? Counted(Expression function) => function switch
    {
        ArrowFunctionExpression { Body: BlockStatement block } arrow =>
            new ArrowFunctionExpression(arrow.Start, arrow.End, arrow.IsAsync, arrow.Params, Checked(arrow, block)),
        ArrowFunctionExpression { Body: Expression body } arrow =>
            new ArrowFunctionExpression(
                arrow.Start, arrow.End, arrow.IsAsync, arrow.Params, new SequenceExpression(body.Start, body.End, [Check(arrow), body])),
        FunctionExpression { IsGenerator: false } plain =>
            new FunctionExpression(plain.Start, plain.End, plain.Id, false, plain.IsAsync, plain.Params, Checked(plain, plain.Body)),
        _ => null,
    };

    private static BlockStatement Checked(Node at, BlockStatement body) => new(body.Start, body.End, [Statement(Check(at)), .. body.Body]);

    private static LogicalExpression Check(Node at)
    {
        var counted = new UpdateExpression(at.Start, at.Start, UpdateOperator.Increment, true, Name(at, HiddenNames.Count));
        var reached = new BinaryExpression(at.Start, at.Start, counted, BinaryOperator.Greater, Name(at, HiddenNames.Total));
        return new LogicalExpression(at.Start, at.Start, reached, LogicalOperator.And, Stop(at, Name(at, HiddenNames.Count)));
    }
}
