using Enclave.JavaScript.Ast;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.Estree;

/// <summary>Hand-made trees as deep as the parser's limits allow.</summary>
internal static class DeepTrees
{
    public const int Levels = 1_000, Chain = 4_000;

    /// <summary>Links enough to overflow the small stack in a walk that recurses once for each: 26 bytes of it for each of 40,000.</summary>
    public static readonly int LongChain = Chain * TestSize.Of(10, 100);

    /// <summary>Functions in arguments of calls in statements of functions: the most nodes per level that programs nest.</summary>
    public static Program Nested(int levels)
    {
        Expression inner = Name("x");
        for (int i = 0; i < levels; i++)
        {
            Statement call = new ExpressionStatement(0, 1, new CallExpression(0, 1, Name("f"), [inner], isOptional: false), null);
            inner = new FunctionExpression(0, 1, null, isGenerator: false, isAsync: false, [], new BlockStatement(0, 1, [call]));
        }

        return Of(inner);
    }

    /// <summary>Operators, accesses, calls and tags that are deep on the left side.</summary>
    public static Program LeftLeaning(int links)
    {
        Expression left = Name("x");
        for (int i = 0; i < links; i++)
        {
            left = (i % 5) switch
            {
                0 => new BinaryExpression(0, 1, left, BinaryOperator.Add, Name("y")),
                1 => new LogicalExpression(0, 1, left, LogicalOperator.Or, Name("y")),
                2 => new MemberExpression(0, 1, left, Name("y"), isComputed: false, isOptional: false),
                3 => new CallExpression(0, 1, left, [Name("y")], isOptional: false),
                _ => new ChainExpression(0, 1, left),
            };
        }

        return Of(left);
    }

    /// <summary>Runs on a thread whose stack is smaller than any that the product uses.</summary>
    public static void OnSmallStack(Action action)
    {
        var thread = new Thread(() => action(), maxStackSize: 1 << 20);
        thread.Start();
        thread.Join();
    }

    private static Identifier Name(string name) => new(0, 1, name);

    private static Program Of(Expression expression) => new(0, 1, [new ExpressionStatement(0, 1, expression, null)], SourceGoal.Script);
}
