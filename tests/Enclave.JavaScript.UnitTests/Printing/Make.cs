using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Tests.Printing;

/// <summary>Makes trees by hand, as a rewriter does.</summary>
internal static class Make
{
    public static Identifier Name(string name) => new(0, 0, name);

    public static NumberLiteral Number(double value) => new(0, 0, value);

    public static StringLiteral Text(string value) => new(0, 0, value);

    public static MemberExpression Member(Expression head, string name) => new(0, 0, head, Name(name), isComputed: false, isOptional: false);

    public static CallExpression Call(Expression callee, params Expression[] arguments) => new(0, 0, callee, [.. arguments], isOptional: false);

    public static BinaryExpression Binary(Expression left, BinaryOperator op, Expression right) => new(0, 0, left, op, right);

    public static TemplateLiteral Template(string raw) => new(0, 0, [], [new TemplateElement(0, 0, raw, null, isTail: true)]);

    public static ExpressionStatement Statement(Expression expression, string? directive = null) => new(0, 0, expression, directive);

    public static BlockStatement Block(params Statement[] body) => new(0, 0, [.. body]);

    public static Program Script(params Statement[] body) => new(0, 0, [.. body], SourceGoal.Script);

    public static Property Shorthand(string key, Node value) =>
        new(0, 0, isMethod: false, isShorthand: true, isComputed: false, Name(key), value, PropertyKind.Init);
}
