using System.Collections.Immutable;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Tracing;

/// <summary>Functions, loops, branches, and the parts of expressions.</summary>
internal sealed partial class TraceTransform
{
    private const string Anonymous = "(anonymous)";

    // The number of the last statement.
    private int _count;
    private int _tries;
    private string? _name;

    protected override Node VisitFunctionDeclaration(FunctionDeclaration node) => InFunction(node.Id?.Name ?? Anonymous, (body) => new FunctionDeclaration(
        node.Start, node.End, node.Id, node.IsGenerator, node.IsAsync, Parameters(node.Params), Traced(node.Body, body)));

    protected override Node VisitFunctionExpression(FunctionExpression node) => InFunction(node.Id?.Name ?? TakeName(), (body) => new FunctionExpression(
        node.Start, node.End, node.Id, node.IsGenerator, node.IsAsync, Parameters(node.Params), Traced(node.Body, body)));

    protected override Node VisitArrowFunctionExpression(ArrowFunctionExpression node) => InFunction(TakeName(), (body) => new ArrowFunctionExpression(
        node.Start, node.End, node.IsAsync, Parameters(node.Params),
        node.Body is BlockStatement block ? Traced(block, body) : Traced((Expression)node.Body, body)));

    protected override Node VisitMethodDefinition(MethodDefinition node)
    {
        _name = node.Key is Identifier { Name: var name } ? name : null;
        return base.VisitMethodDefinition(node);
    }

    protected override Node VisitProperty(Property node)
    {
        if (node.Key is Identifier { Name: var name } && node.Value is FunctionExpression or ArrowFunctionExpression) _name = name;
        return base.VisitProperty(node);
    }

    protected override Node VisitVariableDeclarator(VariableDeclarator node)
    {
        if (node is { Id: Identifier name, Init: FunctionExpression or ArrowFunctionExpression }) _name = name.Name;
        var rewritten = (VariableDeclarator)base.VisitVariableDeclarator(node);
        return node.Init is null ? rewritten : new VariableDeclarator(node.Start, node.End, rewritten.Id, Part(node.Init, rewritten.Init!));
    }

    protected override Node VisitIfStatement(IfStatement node)
    {
        Step step = _body.Step!;
        Expression test = step.Branch(Rewrite<Expression>(node.Test));
        _body.Tests.Push(node.Test);
        Statement consequent = Single(node.Consequent);
        Statement? alternate = node.Alternate is null ? null : Single(node.Alternate);
        _body.Tests.Pop();
        return new IfStatement(node.Start, node.End, test, consequent, alternate);
    }

    protected override Node VisitSwitchStatement(SwitchStatement node)
    {
        _body.Tests.Push(node.Discriminant);
        Node rewritten = base.VisitSwitchStatement(node);
        _body.Tests.Pop();
        return rewritten;
    }

    protected override Node VisitForStatement(ForStatement node) => new ForStatement(
        node.Start, node.End, node.Init is null ? null : Rewrite(node.Init), node.Test is null ? null : Rewrite<Expression>(node.Test),
        node.Update is null ? null : Rewrite<Expression>(node.Update), _body.Step!.Round(node.Body, node.Init, node.Test));

    protected override Node VisitForInStatement(ForInStatement node) => new ForInStatement(
        node.Start, node.End, Rewrite(node.Left), Rewrite<Expression>(node.Right), _body.Step!.Round(node.Body, node.Left, null));

    protected override Node VisitForOfStatement(ForOfStatement node) => new ForOfStatement(
        node.Start, node.End, node.IsAwait, Rewrite(node.Left), RewritePart(node.Right), _body.Step!.Round(node.Body, node.Left, null));

    protected override Node VisitWhileStatement(WhileStatement node) =>
        new WhileStatement(node.Start, node.End, Rewrite<Expression>(node.Test), _body.Step!.Round(node.Body, null, node.Test));

    protected override Node VisitDoWhileStatement(DoWhileStatement node) =>
        new DoWhileStatement(node.Start, node.End, _body.Step!.Round(node.Body, null, null), Rewrite<Expression>(node.Test));

    // An error is reported when it leaves a block, before the handler or the finally block runs statements of its own.
    protected override Node VisitTryStatement(TryStatement node)
    {
        if (node.Finalizer is null) return new TryStatement(node.Start, node.End, Watched(node.Block), Rewrite<CatchClause>(node.Handler!), null);
        int id = ++_tries;
        string left = _body.Add(TraceNames.Left + id), step = _body.Add(TraceNames.LeftStep + id);
        Statement[] keep = [Move(node, left, TraceNames.At), Move(node, step, TraceNames.AtStep)];
        BlockStatement block = Watched(node.Block, node.Handler is null ? keep : []);
        CatchClause? handler = node.Handler is not { } own ? null
            : new CatchClause(own.Start, own.End, own.Param is null ? null : Rewrite(own.Param), Watched(own.Body, keep));
        var after = TraceCode.If(node, TraceCode.Name(node, left), TraceCode.Block(
            node, Move(node, TraceNames.At, left), Move(node, TraceNames.AtStep, step),
            TraceCode.Statement(TraceCode.Set(node, left, TraceCode.Number(node, 0)))));
        var finalizer = Rewrite<BlockStatement>(node.Finalizer);
        return new TryStatement(
            node.Start, node.End, block, handler, new BlockStatement(finalizer.Start, finalizer.End, [.. finalizer.Body, after]));
    }

    private BlockStatement Watched(BlockStatement block, params ReadOnlySpan<Statement> keep) =>
        new(block.Start, block.End, [TraceCode.Watched(block, Statements(block.Body), null, keep)]);

    private static ExpressionStatement Move(Node at, string to, string from) => TraceCode.Statement(TraceCode.Set(at, to, TraceCode.Name(at, from)));

    // Parts of an optional chain are not reported on their own: a part outside of the chain would no longer end the chain.
    protected override Node VisitChainExpression(ChainExpression node)
    {
        Step? step = _body.Step;
        _body.Step = null;
        Node rewritten = base.VisitChainExpression(node);
        _body.Step = step;
        return rewritten;
    }

    protected override Node VisitMemberExpression(MemberExpression node)
    {
        var rewritten = (MemberExpression)base.VisitMemberExpression(node);
        return IsPart(node.Object)
            ? new MemberExpression(node.Start, node.End, Part(node.Object, rewritten.Object), rewritten.Property, node.IsComputed, node.IsOptional)
            : rewritten;
    }

    protected override Node VisitCallExpression(CallExpression node)
    {
        var rewritten = (CallExpression)base.VisitCallExpression(node);
        return new CallExpression(node.Start, node.End, rewritten.Callee, Parts(node.Arguments, rewritten.Arguments), node.IsOptional);
    }

    protected override Node VisitNewExpression(NewExpression node)
    {
        var rewritten = (NewExpression)base.VisitNewExpression(node);
        return new NewExpression(node.Start, node.End, rewritten.Callee, Parts(node.Arguments, rewritten.Arguments));
    }

    protected override Node VisitSpreadElement(SpreadElement node) => new SpreadElement(node.Start, node.End, RewritePart(node.Argument));

    protected override Node VisitBinaryExpression(BinaryExpression node) =>
        node.Left is PrivateIdentifier ? base.VisitBinaryExpression(node)
            : new BinaryExpression(node.Start, node.End, RewritePart(node.Left), node.Operator, RewritePart(node.Right));

    protected override Node VisitLogicalExpression(LogicalExpression node) =>
        new LogicalExpression(node.Start, node.End, RewritePart(node.Left), node.Operator, RewritePart(node.Right));

    protected override Node VisitConditionalExpression(ConditionalExpression node) =>
        new ConditionalExpression(node.Start, node.End, RewritePart(node.Test), RewritePart(node.Consequent), RewritePart(node.Alternate));

    protected override Node VisitThrowStatement(ThrowStatement node) => new ThrowStatement(node.Start, node.End, RewritePart(node.Argument));

    protected override Node VisitReturnStatement(ReturnStatement node) =>
        new ReturnStatement(node.Start, node.End, node.Argument is null ? null : RewritePart(node.Argument));

    protected override Node VisitAssignmentExpression(AssignmentExpression node)
    {
        if (node is { Left: Identifier name, Right: FunctionExpression or ArrowFunctionExpression }) _name = name.Name;
        return new AssignmentExpression(node.Start, node.End, node.Operator, Rewrite(node.Left), RewritePart(node.Right));
    }

    protected override Node VisitTemplateLiteral(TemplateLiteral node) =>
        new TemplateLiteral(node.Start, node.End, [.. node.Expressions.Select(RewritePart)], node.Quasis);

    // Report the value of an await, not the awaited promise.
    private Expression RewritePart(Expression node) => Part(node, Rewrite<Expression>(node));

    private ImmutableArray<Expression> Parts(ImmutableArray<Expression> nodes, ImmutableArray<Expression> rewritten) =>
        [.. nodes.Select((node, i) => Part(node, rewritten[i]))];

    private Expression Part(Expression node, Expression rewritten) => IsPart(node) ? _body.Step!.Part(node, rewritten) : rewritten;

    private bool IsPart(Node node) => _body.Step is { WantsParts: true } && node is CallExpression or NewExpression or AwaitExpression or BinaryExpression
        or LogicalExpression or ConditionalExpression or ChainExpression or TaggedTemplateExpression or MemberExpression { Object: not Super };

    private string TakeName()
    {
        string name = _name ?? Anonymous;
        _name = null;
        return name;
    }

    /// <summary>A place of code that runs before or outside the statements of a function.</summary>
    private void AddHead(int start, int end) => _statements.Add(new TracedStatement(++_count, start, end, _body.Name, [], [], []) { IsHead = true });

    protected override Node VisitPropertyDefinition(PropertyDefinition node)
    {
        if (node.Value is not null) AddHead(node.Value.Start, node.Value.End);
        return base.VisitPropertyDefinition(node);
    }

    private ImmutableArray<Node> Parameters(ImmutableArray<Node> parameters)
    {
        if (parameters.Any((parameter) => parameter is not Identifier)) AddHead(parameters[0].Start, parameters[^1].End);
        return RewriteList(parameters);
    }

    private Node InFunction(string name, Func<Body, Node> rewrite)
    {
        _name = null;
        Body outer = _body;
        Body body = new(name);
        // Defaults of parameters run before the body, and belong to no statement.
        _body = body;
        Node rewritten = rewrite(body);
        _body = outer;
        return rewritten;
    }

    private BlockStatement Traced(BlockStatement block, Body body)
    {
        if (block.Body.IsEmpty) return block;
        int directives = block.Body.TakeWhile((statement) => statement is ExpressionStatement { Directive: not null }).Count();
        ImmutableArray<Statement> own = block.Body[directives..];
        ImmutableArray<Statement> traced = Statements(own);
        ImmutableArray<Statement> watched = DeclaredInBody.FitsInBlock(own) ? [TraceCode.Watched(block, traced, null)] : traced;
        return new BlockStatement(block.Start, block.End, [.. block.Body[..directives], body.Variables(block), .. watched]);
    }

    /// <summary>The expression as the body's one statement.</summary>
    private BlockStatement Traced(Expression expression, Body body)
    {
        var step = new Step(this, expression, expression.End);
        step.ReadExpression(expression);
        var list = ImmutableArray.CreateBuilder<Statement>();
        step.AddBefore(list);
        body.Step = step;
        list.Add(new ReturnStatement(expression.Start, expression.End, RewritePart(expression)));
        body.Step = null;
        _statements.Add(step.Traced);
        return new BlockStatement(expression.Start, expression.End, [body.Variables(expression), TraceCode.Watched(expression, list.ToImmutable(), null)]);
    }
}
