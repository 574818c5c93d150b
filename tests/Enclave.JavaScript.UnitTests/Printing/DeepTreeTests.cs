using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Printing;

namespace Enclave.JavaScript.Tests.Printing;

/// <summary>Trees at the parser's limits, on a stack smaller than that of any thread of the host.</summary>
public sealed class DeepTreeTests
{
    private const int StackSize = 1 << 20;
    private const int Chain = 4_000;
    private const int Depth = 1_000;
    private static readonly Identifier s_a = Make.Name("a");

    public static TheoryData<string> Chains => new(s_links.Keys);

    public static TheoryData<string> Nestings => new(s_levels.Keys);

    private static readonly Dictionary<string, Func<Expression, Expression>> s_links = new()
    {
        ["binary"] = (rest) => Make.Binary(rest, BinaryOperator.Add, s_a),
        ["logical"] = (rest) => new LogicalExpression(0, 0, rest, LogicalOperator.And, s_a),
        ["coalesce"] = (rest) => new LogicalExpression(0, 0, rest, LogicalOperator.Coalesce, s_a),
        ["power"] = (rest) => Make.Binary(s_a, BinaryOperator.Power, rest),
        ["member"] = (rest) => Make.Member(rest, "a"),
        ["computed"] = (rest) => new MemberExpression(0, 0, rest, s_a, isComputed: true, isOptional: false),
        ["call"] = (rest) => Make.Call(rest),
        ["template"] = (rest) => new TaggedTemplateExpression(0, 0, rest, Make.Template("a")),
        ["mixed"] = (rest) => Make.Call(Make.Member(rest, "a"), s_a),
        ["mixed operators"] = (rest) =>
            Make.Binary(s_a, BinaryOperator.Multiply, new LogicalExpression(0, 0, s_a, LogicalOperator.Or, Make.Binary(s_a, BinaryOperator.Add, rest))),
        ["conditional"] = (rest) => new ConditionalExpression(0, 0, s_a, s_a, rest),
        ["assignment"] = (rest) => new AssignmentExpression(0, 0, AssignmentOperator.Assign, s_a, rest),
    };

    private static readonly Dictionary<string, Func<Expression, Expression>> s_levels = new()
    {
        ["parentheses"] = (rest) => Make.Binary(s_a, BinaryOperator.Multiply, Make.Binary(s_a, BinaryOperator.Add, rest)),
        ["left parentheses"] = (rest) => Make.Binary(Make.Binary(rest, BinaryOperator.Add, s_a), BinaryOperator.Multiply, s_a),
        ["power"] = (rest) => Make.Binary(rest, BinaryOperator.Power, s_a),
        ["arguments"] = (rest) => Make.Call(s_a, rest),
        ["keys"] = (rest) => new MemberExpression(0, 0, s_a, rest, isComputed: true, isOptional: false),
        ["chains"] = (rest) => new ChainExpression(0, 0, new MemberExpression(0, 0, rest, s_a, isComputed: false, isOptional: true)),
        ["new"] = (rest) => new NewExpression(0, 0, Make.Call(rest), []),
        ["unary"] = (rest) => new UnaryExpression(0, 0, UnaryOperator.Minus, rest),
        ["arrays"] = (rest) => new ArrayExpression(0, 0, [rest]),
        ["objects"] = (rest) => new ObjectExpression(0, 0, [new Property(0, 0, false, false, false, s_a, rest, PropertyKind.Init)]),
        ["templates"] = (rest) => new TemplateLiteral(0, 0, [rest], [new TemplateElement(0, 0, "", "", false), new TemplateElement(0, 0, "", "", true)]),
        ["arrows"] = (rest) => new ArrowFunctionExpression(0, 0, false, [], rest),
        ["conditionals"] = (rest) => new ConditionalExpression(0, 0, s_a, rest, s_a),
        ["functions"] = (rest) => new FunctionExpression(0, 0, null, false, false, [], Make.Block(Make.Statement(rest))),
        ["classes"] = (rest) => new ClassExpression(0, 0, null, null, new ClassBody(0, 0, [new PropertyDefinition(0, 0, false, true, rest, null)])),
        ["heritage"] = (rest) => new ClassExpression(0, 0, null, rest, new ClassBody(0, 0, [])),
        ["sequences"] = (rest) => Make.Call(s_a, new SequenceExpression(0, 0, [rest, s_a])),
    };

    [Theory]
    [MemberData(nameof(Chains))]
    public void A_long_chain_needs_no_stack(string kind)
    {
        string text = PrintOnSmallStack(Make.Statement(Nest(s_links[kind], Chain)));

        int perLink = kind switch { "call" => 0, "mixed" or "conditional" => 2, "mixed operators" => 3, _ => 1 };
        Assert.Equal(Chain * perLink + 1, text.Count('a'));
    }

    [Theory]
    [MemberData(nameof(Nestings))]
    public void The_deepest_nesting_fits_on_the_stack(string kind)
    {
        // The parser counts a function as three levels: itself, its body, a statement. A call with a sequence, or a class with a key, counts as two.
        int levels = kind switch { "functions" => 3, "sequences" or "classes" => 2, _ => 1 };

        PrintOnSmallStack(Make.Statement(Nest(s_levels[kind], Depth / levels)));
    }

    [Fact]
    public void The_deepest_blocks_conditions_and_labels_fit_on_the_stack()
    {
        Statement blocks = Make.Block(), conditions = Make.Block(), alternatives = Make.Block(), labels = Make.Block();
        for (int i = 0; i < Depth; i++)
        {
            blocks = Make.Block(blocks);
            conditions = new IfStatement(0, 0, s_a, conditions, null);
            labels = new LabeledStatement(0, 0, labels, s_a);
        }

        for (int i = 0; i < Chain; i++) alternatives = new IfStatement(0, 0, s_a, Make.Block(), alternatives);

        PrintOnSmallStack(blocks);
        PrintOnSmallStack(conditions);
        PrintOnSmallStack(alternatives);
        PrintOnSmallStack(labels);
    }

    [Fact]
    public void The_deepest_pattern_fits_on_the_stack()
    {
        Node pattern = s_a;
        for (int i = 0; i < Depth; i++)
        {
            pattern = i % 2 == 0
                ? new ArrayPattern(0, 0, [new AssignmentPattern(0, 0, pattern, s_a)])
                : new ObjectPattern(0, 0, [new Property(0, 0, false, false, false, s_a, pattern, PropertyKind.Init)]);
        }

        PrintOnSmallStack(Make.Statement(new AssignmentExpression(0, 0, AssignmentOperator.Assign, pattern, s_a)));
    }

    [Fact]
    public void A_tree_beyond_every_bound_ends_with_an_error_and_not_with_the_process()
    {
        Expression tree = Nest(s_levels["arguments"], 200_000);

        Assert.Throws<InsufficientExecutionStackException>(() => PrintOnSmallStack(tree));
    }

    private static Expression Nest(Func<Expression, Expression> level, int count)
    {
        Expression tree = s_a;
        for (int i = 0; i < count; i++) tree = level(tree);
        return tree;
    }

    private static string PrintOnSmallStack(Node node)
    {
        string text = "";
        Exception? error = null;
        var thread = new Thread(
            () =>
            {
                error = Record.Exception(() => text = Printer.Print(node, PrinterOptions.Readable));
                if (error is null) error = Record.Exception(() => text = Printer.Print(node));
            },
            StackSize);
        thread.Start();
        thread.Join();
        if (error is not null) throw error;
        return text;
    }
}
