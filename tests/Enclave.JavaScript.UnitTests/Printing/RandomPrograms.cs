using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Tests.Printing;

/// <summary>Makes programs of random statements around random expressions.</summary>
internal sealed class RandomPrograms(Random random)
{
    private readonly RandomExpressions _expressions = new(random);
    private int _labels;

    /// <summary>A script of one async generator, so that every kind of expression may stand in it.</summary>
    public Program Next(int depth)
    {
        var function = new FunctionDeclaration(0, 0, Make.Name("f"), isGenerator: true, isAsync: true, [], Make.Block(Statement(depth), Statement(depth)));
        return Make.Script(function);
    }

    private Statement Statement(int depth) => depth <= 1 ? Make.Statement(_expressions.Next(depth)) : random.Next(16) switch
    {
        0 => If(depth),
        1 => new ForStatement(0, 0, ForInit(depth), _expressions.Next(depth - 1), null, Statement(depth - 1)),
        2 => new ForInStatement(0, 0, ForTarget(depth), _expressions.Next(depth - 1), Statement(depth - 1)),
        3 => new ForOfStatement(0, 0, random.Next(2) == 0, ForTarget(depth), _expressions.Next(depth - 1), Statement(depth - 1)),
        4 => new WhileStatement(0, 0, _expressions.Next(depth - 1), Statement(depth - 1)),
        5 => new DoWhileStatement(0, 0, Statement(depth - 1), _expressions.Next(depth - 1)),
        6 => new ReturnStatement(0, 0, random.Next(2) == 0 ? null : _expressions.Next(depth - 1)),
        7 => new ThrowStatement(0, 0, _expressions.Next(depth - 1)),
        8 => new LabeledStatement(0, 0, Statement(depth - 1), Make.Name($"l{_labels++}")),
        9 => new TryStatement(0, 0, Make.Block(Statement(depth - 1)), new CatchClause(0, 0, null, Make.Block()), Make.Block(Statement(depth - 1))),
        10 => Switch(depth),
        11 => new WithStatement(0, 0, _expressions.Next(depth - 1), Statement(depth - 1)),
        12 => Variables(_expressions.Next(depth - 1)),
        13 => new EmptyStatement(0, 0),
        _ => Make.Statement(_expressions.Next(depth)),
    };

    private IfStatement If(int depth)
    {
        // In a block: other tests check which if an else belongs to.
        bool hasElse = random.Next(2) == 0;
        Statement consequent = Statement(depth - 1);
        return new IfStatement(0, 0, _expressions.Next(depth - 1), hasElse ? Make.Block(consequent) : consequent, hasElse ? Statement(depth - 1) : null);
    }

    private Node? ForInit(int depth) => random.Next(3) switch
    {
        0 => null,
        1 => Variables(_expressions.Next(depth - 1)),
        _ => _expressions.Next(depth - 1),
    };

    private Node ForTarget(int depth) => random.Next(2) == 0 ? Variables(null) : _expressions.Target(depth - 1);

    private static VariableDeclaration Variables(Expression? init) => new(0, 0, [new VariableDeclarator(0, 0, Make.Name("v"), init)], VariableKind.Var);

    private SwitchStatement Switch(int depth) => new(0, 0, _expressions.Next(depth - 1),
    [
        new SwitchCase(0, 0, [Statement(depth - 1)], _expressions.Next(depth - 1)),
        new SwitchCase(0, 0, [Statement(depth - 1)], null),
    ]);
}
