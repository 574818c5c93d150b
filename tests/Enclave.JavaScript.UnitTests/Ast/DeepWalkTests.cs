using System.Globalization;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;

namespace Enclave.JavaScript.Tests.Ast;

/// <summary>The deepest trees of the parser, walked with the stack of a thread-pool thread.</summary>
public sealed class DeepWalkTests
{
    private const int ThreadPoolStack = 1_536 * 1024, SmallStack = 384 * 1024;

    // The text that opens a level, the innermost text, the text that closes a level.
    private static readonly Dictionary<string, (string Open, string Inner, string Close)> s_shapes = new()
    {
        ["parentheses and calls"] = ("f((", "1", "))"),
        ["arrays"] = ("[", "1", "]"),
        ["objects"] = ("({a:", "1", "})"),
        ["blocks"] = ("{", "", "}"),
        ["functions"] = ("function f(){", "", "}"),
        ["methods"] = ("({a(){", "", "}})"),
        ["arrows in calls"] = ("f(()=>{", "", "})"),
        ["chained arrows"] = ("a=>", "1", ""),
        ["classes"] = ("class A{x=", "1", "}"),
        ["static blocks"] = ("class A{static{", "", "}}"),
        ["conditionals"] = ("a?b:", "1", ""),
        ["unary operators"] = ("!", "1", ""),
        ["templates"] = ("`${", "1", "}`"),
        ["else"] = ("if(a);else ", "b", ""),
        ["loops"] = ("for(;;)", "b", ""),
        ["try"] = ("try{", "", "}finally{}"),
        ["switches"] = ("switch(1){case 1:", "", "}"),
        ["patterns"] = ("[", "a", "]"),
        ["assignments"] = ("a=", "1", ""),
        ["defaults"] = ("(a=", "1", ")=>1"),
        ["members"] = ("a[", "1", "]"),
    };

    public static TheoryData<string> Shapes => [.. s_shapes.Keys];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_deepest_tree_can_be_walked_and_rewritten(string shape)
    {
        (string open, string inner, string close) = s_shapes[shape];
        Program? deepest = null;
        for (int levels = ParserOptions.Script.MaxDepth; deepest is null; levels -= 10)
        {
            Assert.True(levels > 0, "no depth at all is accepted");
            string source = string.Concat(Enumerable.Repeat(open, levels)) + inner + string.Concat(Enumerable.Repeat(close, levels));
            if (shape == "patterns") source = $"var {source} = b";
            deepest = OnPoolSizedStack(() => Parser.Parse(source).Program);
        }

        Walk(deepest);
    }

    [Theory]
    [InlineData("a", "+a")]
    [InlineData("a", ".b")]
    [InlineData("a", "()")]
    [InlineData("a", "`b`")]
    [InlineData("a", "&&b")]
    public void The_longest_chain_can_be_walked_and_rewritten(string first, string link)
    {
        string source = first + string.Concat(Enumerable.Repeat(link, ParserOptions.Script.MaxChain));

        Walk(Parser.Parse(source).Program!);
    }

    [Fact]
    public void A_tree_too_deep_for_the_stack_is_an_exception_and_not_the_end_of_the_process()
    {
        Expression leaf = new Identifier(0, 0, "a"), tree = leaf;
        // Deep in its first part: an optimised walk enters a last part by a tail call, which takes no stack.
        for (int i = 0; i < 100_000; i++) tree = new ConditionalExpression(0, 0, tree, leaf, leaf);

        // The exception passes each frame of the stack, which is what takes the time on a large one.
        OnStack(SmallStack, () => Assert.Throws<InsufficientExecutionStackException>(() => new Counter().Visit(tree)));
        OnStack(SmallStack, () => Assert.Throws<InsufficientExecutionStackException>(() => new Renamer().Rewrite(tree)));
    }

    private static void Walk(Program program)
    {
        (int before, int after) = OnPoolSizedStack(() =>
        {
            var counter = new Counter();
            counter.Visit(program);
            Node rewritten = new Renamer().Rewrite(program);
            var second = new Counter();
            second.Visit(rewritten);
            return (counter.Count, second.Count);
        });
        Assert.Equal(before, after);
        Assert.True(before > 50, before.ToString(CultureInfo.InvariantCulture));
    }

    private static T OnPoolSizedStack<T>(Func<T> work) => OnStack(ThreadPoolStack, work);

    private static T OnStack<T>(int bytes, Func<T> work)
    {
        T result = default!;
        Exception? fault = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = work();
                }
                catch (Exception thrown)
                {
                    fault = thrown;
                }
            },
            bytes);
        thread.Start();
        thread.Join();
        Assert.Null(fault);
        return result;
    }

    private sealed class Counter : AstVisitor
    {
        public int Count { get; private set; }

        public override void Visit(Node node)
        {
            Count++;
            base.Visit(node);
        }
    }

    /// <summary>Changes every name, so that every node above one is created anew.</summary>
    private sealed class Renamer : AstRewriter
    {
        protected override Node VisitIdentifier(Identifier node) => new Identifier(node.Start, node.End, node.Name + "_");
    }
}
