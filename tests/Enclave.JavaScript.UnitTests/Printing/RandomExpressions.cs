using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Tests.Printing;

/// <summary>Makes random expressions: any kind in any place, even where only parentheses allow it.</summary>
internal sealed class RandomExpressions(Random random)
{
    // Names that are keywords only in some places are as likely as others.
    private static readonly string[] s_names = ["a", "b", "let", "async", "of", "get", "set", "static", "using", "as", "from", "ñ"];
    private static readonly string[] s_strings =
        ["", "use strict", "'", "\"", "'\"", "\\", "\0001", "\u2028", "\uD800", "\uDC00", "😀", "<!--", "`${", "\r\n", "__proto__"];
    private static readonly double[] s_numbers = [0, 1, 0.5, 1e21, 1e-7, 123456789, double.PositiveInfinity, double.Epsilon, double.MaxValue, 0.1];
    private static readonly string[] s_patterns = ["a", "=", "[/]", "\\/", "(?:)", "[\\]/]"];
    private static readonly string[] s_raw = ["", "$", "\\`", "\\${", "\n", "{", "-->", "\u2028"];

    public Random Random => random;

    /// <summary>True if yield and await may stand here.</summary>
    public bool InAsyncGenerator { get; set; } = true;

    public Expression Next(int depth) => depth <= 0 ? Leaf() : random.Next(24) switch
    {
        0 => new UnaryExpression(0, 0, Any<UnaryOperator>(), Next(depth - 1)),
        1 => new UpdateExpression(0, 0, Any<UpdateOperator>(), random.Next(2) == 0, SimpleTarget(depth - 1)),
        2 or 3 or 4 => new BinaryExpression(0, 0, Next(depth - 1), Any<BinaryOperator>(), Next(depth - 1)),
        5 or 6 => new LogicalExpression(0, 0, Next(depth - 1), Any<LogicalOperator>(), Next(depth - 1)),
        7 => new BinaryExpression(0, 0, Next(depth - 1), BinaryOperator.In, Next(depth - 1)),
        8 => new ConditionalExpression(0, 0, Next(depth - 1), Next(depth - 1), Next(depth - 1)),
        9 => Assignment(depth),
        10 => new SequenceExpression(0, 0, [Next(depth - 1), Next(depth - 1)]),
        11 => Member(depth),
        12 => new CallExpression(0, 0, Next(depth - 1), Arguments(depth), isOptional: false),
        13 => new NewExpression(0, 0, Next(depth - 1), Arguments(depth)),
        14 => Chain(depth),
        15 => new TaggedTemplateExpression(0, 0, Next(depth - 1), Template(depth)),
        16 => Template(depth),
        17 => Array(depth),
        18 => Object(depth),
        19 => Arrow(depth),
        20 => new FunctionExpression(0, 0, null, isGenerator: false, isAsync: false, [], Body(depth)),
        21 => Class(depth),
        22 when InAsyncGenerator => new AwaitExpression(0, 0, Next(depth - 1)),
        23 when InAsyncGenerator => Yield(depth),
        _ => new ImportExpression(0, 0, Next(depth - 1), random.Next(2) == 0 ? null : Next(depth - 1)),
    };

    /// <summary>An identifier, an access, or with <see cref="AssignmentOperator.Assign"/> a pattern.</summary>
    public Node Target(int depth) => random.Next(4) switch
    {
        0 => new ArrayPattern(0, 0, [null, Target(depth - 1), Default(depth), new RestElement(0, 0, SimpleTarget(depth - 1))]),
        1 => new ObjectPattern(0, 0, [Make.Shorthand("a", Make.Name("a")), Property("b", Target(depth - 1)), new RestElement(0, 0, SimpleTarget(0))]),
        _ => SimpleTarget(depth - 1),
    };

    private AssignmentPattern Default(int depth) => new(0, 0, SimpleTarget(depth - 1), Next(depth - 1));

    private Expression SimpleTarget(int depth) => depth > 0 && random.Next(2) == 0 ? Member(depth) : Name();

    private Expression Leaf() => random.Next(10) switch
    {
        0 => new NumberLiteral(0, 0, Any(s_numbers)),
        1 => new StringLiteral(0, 0, Any(s_strings)),
        2 => new RegExpLiteral(0, 0, Any(s_patterns), random.Next(2) == 0 ? "" : "gi"),
        3 => new BigIntLiteral(0, 0, random.Next(2) == 0 ? "0x1f" : "12"),
        4 => new ThisExpression(0, 0),
        5 => random.Next(2) == 0 ? new NullLiteral(0, 0) : new BooleanLiteral(0, 0, true),
        6 => new MetaProperty(0, 0, Make.Name("new"), Make.Name("target")),
        _ => Name(),
    };

    public Identifier Name() => Make.Name(Any(s_names));

    private MemberExpression Member(int depth) => random.Next(2) == 0
        ? new MemberExpression(0, 0, Next(depth - 1), Next(depth - 1), isComputed: true, isOptional: false)
        : Make.Member(Next(depth - 1), random.Next(4) == 0 ? "if" : Any(s_names));

    private ChainExpression Chain(int depth)
    {
        Expression link = new MemberExpression(0, 0, Next(depth - 1), Name(), isComputed: false, isOptional: true);
        if (random.Next(2) == 0) link = new CallExpression(0, 0, link, Arguments(depth), isOptional: random.Next(2) == 0);
        if (random.Next(2) == 0) link = new MemberExpression(0, 0, link, Next(depth - 1), isComputed: true, isOptional: random.Next(2) == 0);
        return new ChainExpression(0, 0, link);
    }

    private AssignmentExpression Assignment(int depth)
    {
        AssignmentOperator op = Any<AssignmentOperator>();
        return new AssignmentExpression(0, 0, op, op == AssignmentOperator.Assign ? Target(depth) : SimpleTarget(depth - 1), Next(depth - 1));
    }

    private ImmutableArray<Expression> Arguments(int depth) => random.Next(3) switch
    {
        0 => [],
        1 => [Next(depth - 1)],
        _ => [Next(depth - 1), new SpreadElement(0, 0, Next(depth - 1))],
    };

    private TemplateLiteral Template(int depth) =>
        new(0, 0, [Next(depth - 1)], [Element(Any(s_raw), isTail: false), Element(Any(s_raw), isTail: true)]);

    private static TemplateElement Element(string raw, bool isTail) =>
        new(0, 0, raw, raw.StartsWith('\\') ? raw[1..] : raw, isTail);

    private ArrayExpression Array(int depth) => new(0, 0, [Next(depth - 1), null, new SpreadElement(0, 0, Next(depth - 1)), null]);

    private ObjectExpression Object(int depth)
    {
        Identifier name = Name();
        return new ObjectExpression(0, 0,
        [
            new Property(0, 0, false, isShorthand: true, false, name, name, PropertyKind.Init),
            Property(Any(s_names), Next(depth - 1)),
            new Property(0, 0, false, false, isComputed: true, Next(depth - 1), Next(depth - 1), PropertyKind.Init),
            new Property(0, 0, isMethod: true, false, false, new NumberLiteral(0, 0, Any(s_numbers)), Method(Body(depth)), PropertyKind.Init),
            new SpreadElement(0, 0, Next(depth - 1)),
        ]);
    }

    private static Property Property(string key, Node value) => new(0, 0, false, false, false, Make.Name(key), value, PropertyKind.Init);

    private ArrowFunctionExpression Arrow(int depth)
    {
        ImmutableArray<Node> parameters = random.Next(3) switch
        {
            0 => [],
            1 => [Make.Name(Any(["a", "async", "of"]))],
            _ => [Make.Name("a"), new RestElement(0, 0, Make.Name("b"))],
        };
        Node body = Within(() => random.Next(2) == 0 ? Body(depth) : (Node)Next(depth - 1));
        return new ArrowFunctionExpression(0, 0, isAsync: random.Next(3) == 0, parameters, body);
    }

    private FunctionExpression Method(BlockStatement body) => new(0, 0, null, isGenerator: random.Next(2) == 0, isAsync: random.Next(2) == 0, [], body);

    private BlockStatement Body(int depth) => Within(() => Make.Block(Make.Statement(Next(depth - 1))));

    private ClassExpression Class(int depth) => Within(() =>
    {
        // The code of a class is strict, so some of the names are reserved.
        var heritage = new ConditionalExpression(0, 0, Make.Name("a"), Make.Name("b"), new ArrowFunctionExpression(0, 0, false, [], Make.Name("a")));
        var field = new PropertyDefinition(0, 0, random.Next(2) == 0, false, Name(), random.Next(2) == 0 ? null : new NumberLiteral(0, 0, depth));
        var method = new MethodDefinition(0, 0, random.Next(2) == 0, false, Name(), MethodKind.Method, Method(Make.Block()));
        return new ClassExpression(0, 0, null, random.Next(2) == 0 ? null : heritage, new ClassBody(0, 0, [field, method]));
    });

    private YieldExpression Yield(int depth) => random.Next(3) switch
    {
        0 => new YieldExpression(0, 0, isDelegate: false, null),
        1 => new YieldExpression(0, 0, isDelegate: true, Next(depth - 1)),
        _ => new YieldExpression(0, 0, isDelegate: false, Next(depth - 1)),
    };

    /// <summary>Makes the inside of a function, where the rules of the function around it for yield and await do not apply.</summary>
    private T Within<T>(Func<T> make)
    {
        bool outer = InAsyncGenerator;
        InAsyncGenerator = false;
        T made = make();
        InAsyncGenerator = outer;
        return made;
    }

    private T Any<T>(T[] items) => items[random.Next(items.Length)];

    private T Any<T>() where T : struct, Enum => Any(Enum.GetValues<T>());
}
