using Enclave.Guard.Rules;
using Enclave.Guard.Transforms;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;
using Enclave.JavaScript.Text;

namespace Enclave.Schemas.Calls;

/// <summary>
/// Walks once over a script, in the order of its text: finds the calls of tools, and follows their answers to the places where they are read.
/// </summary>
/// <remarks>
/// An answer is followed through names that are written once, awaits, array methods, functions and destructuring. If the text does not decide a form, the form
/// is unknown and nothing is reported.
/// </remarks>
internal sealed partial class CallWalk : AstVisitor
{
    private const int MaxFindings = 500;

    private readonly Func<string, ICalledTool?> _tools;
    private readonly Func<string, WorkMeter, string?> _whyNot;
    private readonly CheckBudget _budget;
    private readonly ScopeTree _scopes;
    private readonly Aliases _names;
    private readonly ShownValues _values;
    private readonly ConstantText _texts;
    private readonly ArgumentCheck _arguments;
    private readonly Dictionary<Binding, AnswerShape> _shapes = [];
    private readonly HashSet<Binding> _empty = [];
    private readonly List<CallFinding> _findings = [];
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    // The form of the expression that was visited last.
    private AnswerShape? _shape;
    private Node? _settled;
    private Expression? _guarded;
    private string? _naming;
    private int _tries;
    private int _functions;
    private int _executors;
    private bool _catches;
    private List<AnswerShape?>? _returned;

    private CallWalk(Program program, ScopeTree scopes, Func<string, ICalledTool?> tools, Func<string, WorkMeter, string?> whyNot, CheckBudget budget)
    {
        (_tools, _whyNot, _budget, _scopes, _names) = (tools, whyNot, budget, scopes, new Aliases(program, scopes));
        _values = new ShownValues(_names, budget);
        _texts = new ConstantText(program, scopes);
        _arguments = new ArgumentCheck(_values, budget);
    }

    /// <summary>The findings of a script.</summary>
    /// <param name="program">The script.</param>
    /// <param name="scopes">Its scopes.</param>
    /// <param name="tools">The tools whose schemas are known to the run, by name.</param>
    /// <param name="whyNot">Returns the reason why the run has no tool of a name; null if it may have one.</param>
    /// <param name="budget">Bounds the work.</param>
    /// <remarks>At the bound, or if the stack is used up, returns the findings up to there.</remarks>
    public static List<CallFinding> Find(
        Program program, ScopeTree scopes, Func<string, ICalledTool?> tools, Func<string, WorkMeter, string?> whyNot, CheckBudget budget)
    {
        var walk = new CallWalk(program, scopes, tools, whyNot, budget);
        bool isWhole = walk.TryVisit(program);
        // A member that the script itself writes somewhere may be there. The rest of the text may write any.
        walk._findings.RemoveAll((finding) => finding.Member is { } member && (!isWhole || walk._written.Contains(member)));
        bool catches = isWhole ? walk._catches : CatchSearch.IsIn(program);
        // A script that uses tools as a value may check that a tool exists before it calls the tool.
        bool looks = scopes.Free.Any((use) => use.Identifier.Name == ToolNamespaces.Root);
        if (!catches && !looks) return walk._findings;
        return walk._findings.ConvertAll((finding) =>
            (looks && finding.Rule == ToolCallRules.Names) || (catches && !finding.IsDirect) ? finding with { IsSure = false } : finding);
    }

    private bool TryVisit(Program program)
    {
        try
        {
            Visit(program);
            // A search of few names does not check the clock and the token itself, so check them here.
            _budget.Meter.CheckLimits();
            return true;
        }
        catch (Exception limit) when (limit is WorkLimitException or InsufficientExecutionStackException)
        {
            return false;
        }
    }

    public override void Visit(Node node)
    {
        _budget.Step();
        _shape = null;
        base.Visit(node);
        if (!HasShape(node.Kind)) _shape = null;
    }

    /// <summary>The kinds of nodes whose visit returns the form of their value.</summary>
    private static bool HasShape(NodeKind kind) => kind is NodeKind.Identifier or NodeKind.MemberExpression or NodeKind.CallExpression
        or NodeKind.AwaitExpression or NodeKind.ArrowFunctionExpression or NodeKind.FunctionExpression or NodeKind.ConditionalExpression
        or NodeKind.LogicalExpression or NodeKind.ChainExpression or NodeKind.SequenceExpression or NodeKind.AssignmentExpression or NodeKind.ArrayExpression;

    /// <summary>Visits an expression and returns the form of its value.</summary>
    private AnswerShape? Eval(Expression? expression)
    {
        if (expression is null) return null;
        Visit(expression);
        AnswerShape? shape = _shape;
        _shape = null;
        return shape;
    }

    /// <summary>Visits an expression that must not be a promise.</summary>
    private AnswerShape? EvalSettled(Expression? expression)
    {
        AnswerShape? shape = Eval(expression);
        if (shape is { Kind: ShapeKind.Promise }) ReportPromise(shape, expression!);
        return shape;
    }

    protected override void VisitTryStatement(TryStatement node)
    {
        if (node.Handler is null)
        {
            base.VisitTryStatement(node);
            return;
        }

        _catches = true;
        _tries++;
        Visit(node.Block);
        _tries--;
        Visit(node.Handler);
        if (node.Finalizer is not null) Visit(node.Finalizer);
    }

    protected override void VisitProgram(Program node)
    {
        BindHoisted(node);
        CheckStatements(node);
        for (int i = 0; i < node.Body.Length; i++)
        {
            // The last expression is the value of the program, which awaits it.
            if (i == node.Body.Length - 1 && node.Body[i] is ExpressionStatement last) Return(last.Expression);
            else Visit(node.Body[i]);
        }
    }

    protected override void VisitExpressionStatement(ExpressionStatement node)
    {
        AnswerShape? shape = Eval(node.Expression);
        // A function of the script may be meant to run concurrently: do not report its promise.
        if (shape is { Kind: ShapeKind.Promise } && node.Expression is CallExpression && (shape.IsOfTool || _functions == 0))
            ReportPromise(shape, node.Expression);
    }

    protected override void VisitReturnStatement(ReturnStatement node)
    {
        if (node.Argument is not null) Return(node.Argument);
    }

    private void Return(Expression value)
    {
        if (_functions == 0) _settled = value;
        AnswerShape? shape = Eval(value);
        _returned?.Add(shape);
        // The result of the program must be data. A promise in a list or an object is not.
        if (_functions > 0) return;
        if (shape is { Kind: ShapeKind.List or ShapeKind.Tuple } && (shape.Inner ?? shape.Parts.FirstOrDefault()) is { Kind: ShapeKind.Promise } item)
            ReportPromise(item, value, list: shape.Kind == ShapeKind.List);
    }

    protected override void VisitIfStatement(IfStatement node)
    {
        EvalCondition(node.Test);
        Visit(node.Consequent);
        if (node.Alternate is not null) Visit(node.Alternate);
    }

    protected override void VisitForOfStatement(ForOfStatement node)
    {
        AnswerShape? all = Eval(node.Right);
        if (all is { Kind: ShapeKind.Promise }) ReportPromise(all, node.Right);
        else if (all is { Kind: ShapeKind.Value } && !node.IsAwait) ReportWalked(all, node.Right);
        if (node.Left is VariableDeclaration { Declarations: [{ Id: var target }] } && all is not { Kind: ShapeKind.Promise })
        {
            AnswerShape? item = all?.Item(_budget);
            Bind(target, node.IsAwait ? AnswerShape.Awaited(item) : item);
        }

        Visit(node.Left);
        Visit(node.Body);
    }

    protected override void VisitVariableDeclarator(VariableDeclarator node)
    {
        if (node.Id is Identifier name)
        {
            if (node.Init is NullLiteral or ArrayExpression { Elements: [] } || (node.Init is { } init && _values.IsUndefined(init)))
            {
                if (_names.ReferenceOf(name)?.Binding is { } binding) _empty.Add(binding);
                return;
            }

            if (node.Init is not null) _values.Note(name, node.Init);
        }

        // An arrow function has the name of its constant.
        (string? outer, _naming) = (_naming, node is { Id: Identifier { Name: var own }, Init: IFunction } ? own : null);
        AnswerShape? shape = node.Id is Identifier ? Eval(node.Init) : EvalSettled(node.Init);
        _naming = outer;
        Bind(node.Id, shape);
        if (node.Id is not Identifier) Visit(node.Id);
    }

    protected override void VisitAssignmentExpression(AssignmentExpression node)
    {
        if (node.Left is MemberExpression target)
        {
            if (NameOf(target) is { } written) _written.Add(written);
            Eval(target.Object);
            if (target.IsComputed) Eval(target.Property);
        }
        else if (node.Left is not Identifier)
        {
            Visit(node.Left);
        }

        AnswerShape? shape = Eval(node.Right);
        if (node.Operator == AssignmentOperator.Assign) Bind(node.Left, shape);
        _shape = shape;
    }

    protected override void VisitUpdateExpression(UpdateExpression node)
    {
        if (node.Argument is MemberExpression target && NameOf(target) is { } written) _written.Add(written);
        base.VisitUpdateExpression(node);
    }

    /// <summary>Visits the key only if it is in brackets, because only then it is an expression.</summary>
    protected override void VisitProperty(Property node)
    {
        if (node.IsComputed) Visit(node.Key);
        Visit(node.Value);
    }

    protected override void VisitIdentifier(Identifier node) =>
        _shape = _shapes.Count > 0 && _names.ReferenceOf(node)?.Binding is { } binding ? _shapes.GetValueOrDefault(binding) : null;

    /// <summary>Gives a form to a name that is written once, or to the parts of a pattern.</summary>
    private void Bind(Node target, AnswerShape? shape)
    {
        if (shape is null) return;
        switch (target)
        {
            case Identifier name when BindingOf(name) is { } binding && IsWrittenOnce(binding):
                _shapes[binding] = shape;
                break;
            case AssignmentPattern { Left: Identifier name }:
                Bind(name, shape);
                break;
            case ObjectPattern pattern:
                BindMembers(pattern, shape);
                break;
            case ArrayPattern pattern:
                for (int i = 0; i < pattern.Elements.Length; i++)
                {
                    if (pattern.Elements[i] is { } element) Bind(element, PartOf(shape, i));
                }

                break;
        }
    }

    private void BindMembers(ObjectPattern pattern, AnswerShape shape)
    {
        if (shape.Kind is not (ShapeKind.Value or ShapeKind.List)) return;
        foreach (Node node in pattern.Properties)
        {
            if (node is not Property property || ShownValues.NameOf(property) is not { } name) continue;
            bool hasDefault = property.Value is AssignmentPattern;
            AnswerShape? member = Member(shape, name, property.Key, hasDefault ? Reading.Guarded : Reading.Plain);
            // A default may be of any form.
            if (!hasDefault) Bind(property.Value, member);
        }
    }

    private AnswerShape? PartOf(AnswerShape shape, int index) =>
        shape.Kind == ShapeKind.Tuple ? index < shape.Parts.Length ? shape.Parts[index] : null : shape.Item(_budget);

    /// <summary>The binding of a name that is declared or assigned here. Parameters make no reference.</summary>
    private Binding? BindingOf(Identifier name) => _names.ReferenceOf(name)?.Binding ?? _scopes.Resolve(name.Name, _scopes.ScopeAt(name.Start));

    private bool IsWrittenOnce(Binding binding)
    {
        // A first value of null or of an empty list is only a place for the answer.
        int allowed = binding.Kind is BindingKind.Parameter ? 0 : _empty.Contains(binding) ? 2 : 1;
        foreach (Reference reference in binding.References)
        {
            _budget.Step();
            if (reference.IsWrite && --allowed < 0) return false;
        }

        return true;
    }

    private static string? NameOf(MemberExpression member) => member switch
    {
        { IsComputed: false, Property: Identifier name } => name.Name,
        { IsComputed: true, Property: StringLiteral name } => name.Value,
        _ => null,
    };

    /// <summary>Forgets the form of a name whose type the script tests: the script expects other forms too.</summary>
    private void Forget(Node asked)
    {
        if (asked is Identifier name && _names.ReferenceOf(name)?.Binding is { } binding) _shapes.Remove(binding);
    }

    private void Add(CallFinding finding)
    {
        if (_findings.Count < MaxFindings) _findings.Add(finding);
    }
}

/// <summary>A place where a script and the schemas of its tools do not agree.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Code">The code.</param>
/// <param name="Place">The place.</param>
/// <param name="Text">The message.</param>
/// <param name="Hint">What to write.</param>
internal sealed record CallFinding(RuleDescription Rule, RuleCode Code, Node Place, string Text, string Hint)
{
    /// <summary>True if the call certainly fails, and its failure ends the script.</summary>
    public bool IsSure { get; init; }

    /// <summary>True if nothing outside of the statement can catch the failure.</summary>
    public bool IsDirect { get; init; }

    /// <summary>The member that is read; null if it is not about one.</summary>
    public string? Member { get; init; }

    /// <summary>True if the answer may have the member: the schema does not name it, but does not close the object.</summary>
    public bool IsDoubtful { get; init; }
}
