using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Scoring;

/// <summary>Says if a value comes from a tool, as far as expressions and constant names show.</summary>
internal sealed class ToolResults(IReadOnlyList<ToolCallSite> sites, Bindings bindings)
{
    // The length of the parser's longest chain. Deeper values are not followed.
    private const int MaxDepth = 1_000;
    private readonly Dictionary<Node, bool> _known = [];
    private readonly HashSet<Node> _calls = new(sites.Select((site) => site.Node));
    private int _depth;

    /// <summary>True if the node is a tool call.</summary>
    public bool IsToolCall(Node node) => _calls.Contains(node);

    /// <summary>True if the value is a tool's result, a part of one, or made from one.</summary>
    public bool Includes(Expression? value)
    {
        if (value is null || _depth > MaxDepth) return false;
        if (_known.TryGetValue(value, out bool known)) return known;
        // A value that leads back to itself, through functions that call each other, adds nothing.
        _known[value] = false;
        _depth++;
        bool found = Ask(value);
        _depth--;
        return _known[value] = found;
    }

    private bool Ask(Expression value) => value switch
    {
        AwaitExpression node => Includes(node.Argument),
        MemberExpression node => Includes(node.Object),
        ChainExpression node => Includes(node.Expression),
        SpreadElement node => Includes(node.Argument),
        Identifier node => Includes(bindings.ValueOf(node)) || Includes(bindings.WholeOf(node)),
        LogicalExpression node => Includes(node.Left) || Includes(node.Right),
        BinaryExpression node => Includes(node.Left) || Includes(node.Right),
        ConditionalExpression node => Includes(node.Consequent) || Includes(node.Alternate),
        SequenceExpression node => Includes(node.Expressions[^1]),
        ArrayExpression node => Any(node.Elements),
        ObjectExpression node => Any(node.Properties),
        CallExpression node => IsToolCall(node) || IncludesCall(node),
        _ => false,
    };

    private bool IncludesCall(CallExpression call)
    {
        if (call.Callee is Identifier name && bindings.FunctionOf(name) is { } function && HoldsToolCall(function.Node)) return true;
        if (call.Callee is MemberExpression member && Includes(member.Object)) return true;
        foreach (Expression argument in call.Arguments)
        {
            bool isFunction = argument.Kind is NodeKind.ArrowFunctionExpression or NodeKind.FunctionExpression;
            if (isFunction ? HoldsToolCall(argument) : Includes(argument)) return true;
        }

        return false;
    }

    private bool Any(ImmutableArray<Expression?> elements)
    {
        foreach (Expression? element in elements)
        {
            if (element is ArrowFunctionExpression ? HoldsToolCall(element) : Includes(element)) return true;
        }

        return false;
    }

    private bool Any(ImmutableArray<Node> properties)
    {
        foreach (Node property in properties)
        {
            if (Includes(property as SpreadElement) || (property is Property { Value: Expression value } && Includes(value))) return true;
        }

        return false;
    }

    /// <summary>True if a node contains a tool call. Sites are sorted by their ends, and nodes nest.</summary>
    private bool HoldsToolCall(Node node)
    {
        (int low, int high) = (0, sites.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (sites[middle].Node.End <= node.Start) low = middle + 1;
            else high = middle;
        }

        return low < sites.Count && sites[low].Node.End <= node.End;
    }
}
