using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Scoring;

/// <summary>Walks once over the tree and notes loops, functions, calls and initial values. Values behind names are looked up afterwards.</summary>
internal sealed class ScriptWalk : AstVisitor
{
    private readonly WorkMeter? _meter;
    private Region _region;

    public ScriptWalk(Program program, WorkMeter? meter)
    {
        _meter = meter;
        _region = new Region(null, program);
        Regions.Add(_region);
        Visit(program);
    }

    /// <summary>All regions, outer ones before inner ones, in the order of the text.</summary>
    public List<Region> Regions { get; } = [];

    /// <summary>Calls whose callee is a name, by the name's node.</summary>
    public Dictionary<Node, (CallExpression Call, Region Region)> NamedCalls { get; } = [];

    /// <summary>Calls of a property with the tool function's name: <c>agent.callTool(…)</c>.</summary>
    public List<(CallExpression Call, Region Region)> MemberCalls { get; } = [];

    /// <summary>Functions and names passed to methods that call them once for each element.</summary>
    public Dictionary<Node, Entry> Callbacks { get; } = [];

    /// <summary>Initial values, by the name that is declared.</summary>
    public Dictionary<Node, Expression> Values { get; } = [];

    /// <summary>Values of which a name receives only a part, by the name that is declared.</summary>
    public Dictionary<Node, Expression> Wholes { get; } = [];

    /// <summary>The name that is declared, by the name that is its initial value.</summary>
    public Dictionary<Node, Identifier> Aliases { get; } = [];

    /// <summary>Names bound to a property with the tool function's name.</summary>
    public List<Identifier> PickedTools { get; } = [];

    /// <summary>Functions declared by name, by the name's node.</summary>
    public Dictionary<Node, Region> Functions { get; } = [];

    /// <summary>Regions of functions, by the function.</summary>
    public Dictionary<Node, Region> FunctionRegions { get; } = [];

    public override void Visit(Node node)
    {
        _meter?.Step();
        base.Visit(node);
    }

    protected override void VisitVariableDeclarator(VariableDeclarator node)
    {
        if (node.Init is { } value) new PatternBinding(this).Bind(node.Id, value);
        base.VisitVariableDeclarator(node);
    }

    protected override void VisitForStatement(ForStatement node)
    {
        if (node.Init is not null) Visit(node.Init);
        Region outer = Enter(new Region(_region, node) { IsLoop = true, Iterated = node.Test });
        if (node.Test is not null) Visit(node.Test);
        if (node.Update is not null) Visit(node.Update);
        Visit(node.Body);
        _region = outer;
    }

    protected override void VisitForOfStatement(ForOfStatement node) => VisitForEach(node, node.Left, node.Right, node.Body);

    protected override void VisitForInStatement(ForInStatement node) => VisitForEach(node, node.Left, node.Right, node.Body);

    protected override void VisitWhileStatement(WhileStatement node)
    {
        Region outer = Enter(new Region(_region, node) { IsLoop = true, Iterated = node.Test });
        base.VisitWhileStatement(node);
        _region = outer;
    }

    protected override void VisitDoWhileStatement(DoWhileStatement node)
    {
        Region outer = Enter(new Region(_region, node) { IsLoop = true, Iterated = node.Test });
        base.VisitDoWhileStatement(node);
        _region = outer;
    }

    protected override void VisitFunctionDeclaration(FunctionDeclaration node)
    {
        Region outer = EnterFunction(node);
        if (node.Id is not null) Functions[node.Id] = _region;
        base.VisitFunctionDeclaration(node);
        _region = outer;
    }

    protected override void VisitFunctionExpression(FunctionExpression node)
    {
        Region outer = EnterFunction(node);
        base.VisitFunctionExpression(node);
        _region = outer;
    }

    protected override void VisitArrowFunctionExpression(ArrowFunctionExpression node)
    {
        Region outer = EnterFunction(node);
        base.VisitArrowFunctionExpression(node);
        _region = outer;
    }

    protected override void VisitCallExpression(CallExpression node)
    {
        if (node.Callee is Identifier) NamedCalls[node.Callee] = (node, _region);
        else if (node.Callee is MemberExpression member && MemberName(member) is { } name)
        {
            if (ToolNames.IsToolFunction(name)) MemberCalls.Add((node, _region));
            else if (Iteration.Of(name, member, node) is { } iterated) NoteCallbacks(node, iterated);
        }

        base.VisitCallExpression(node);
    }

    /// <summary>The property's name, if the text shows it.</summary>
    public static string? MemberName(MemberExpression member) => member switch
    {
        { IsComputed: false, Property: Identifier name } => name.Name,
        { IsComputed: true, Property: StringLiteral text } => text.Value,
        _ => null,
    };

    private void VisitForEach(Node node, Node left, Expression right, Statement body)
    {
        Visit(right);
        Region outer = Enter(new Region(_region, node) { IsLoop = true, Iterated = right });
        Visit(left);
        Visit(body);
        _region = outer;
    }

    private void NoteCallbacks(CallExpression call, Expression iterated)
    {
        foreach (Expression argument in call.Arguments)
        {
            if (argument.Kind is NodeKind.ArrowFunctionExpression or NodeKind.FunctionExpression or NodeKind.Identifier)
                Callbacks[argument] = new Entry(_region, iterated, Repeats: true);
        }
    }

    private Region EnterFunction(Node function)
    {
        var region = new Region(_region, function);
        FunctionRegions[function] = region;
        if (Callbacks.TryGetValue(function, out Entry entry)) region.Add(entry);
        return Enter(region);
    }

    private Region Enter(Region region)
    {
        Region outer = _region;
        Regions.Add(region);
        _region = region;
        return outer;
    }
}
