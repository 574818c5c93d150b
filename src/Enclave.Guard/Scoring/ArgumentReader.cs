using System.Globalization;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Scoring;

/// <summary>Reads the arguments of one tool call: keys, strings and numbers at every level, also behind names that stand for literals.</summary>
/// <remarks>It stops at other tool calls, which are read separately, so every node is read once. Values behind names are read
/// again for each call, within a budget for the script.</remarks>
internal sealed class ArgumentReader(Bindings bindings, ToolResults results, SensitiveFieldSet sensitive, ReadingBudget budget, WorkMeter? meter) : AstVisitor
{
    private const int MaxDepth = 8;
    private const int MaxKept = 64;
    private const int MaxKeptLength = 256;
    private readonly List<string> _keys = [];
    private readonly List<string> _strings = [];
    private readonly List<double> _numbers = [];
    private readonly HashSet<Node> _followed = [];
    private readonly Queue<Expression> _deeper = [];
    private int _depth;
    private string? _key;
    private bool _negative;

    public ImmutableArray<string> Keys => [.. _keys];

    public ImmutableArray<string> Strings => [.. _strings];

    public ImmutableArray<double> Numbers => [.. _numbers];

    public bool HasWildcard { get; private set; }

    public double LargestNumber { get; private set; }

    public double LargestLimit { get; private set; }

    public int LongestString { get; private set; }

    /// <summary>The key of a property, if the text shows it.</summary>
    public static string? KeyOf(Property property) => property switch
    {
        { IsComputed: false, Key: Identifier name } => name.Name,
        { Key: StringLiteral text } => text.Value,
        { Key: NumberLiteral number } => number.Value.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>Reads an argument.</summary>
    public void Read(Expression argument)
    {
        Visit(argument);
        while (_deeper.TryDequeue(out Expression? value)) Visit(value);
    }

    public override void Visit(Node node)
    {
        meter?.Step();
        base.Visit(node);
    }

    protected override void VisitProperty(Property node)
    {
        string? outer = _key;
        _key = KeyOf(node);
        if (_key is not null)
        {
            if (_keys.Count < MaxKept) _keys.Add(Cut(_key));
            sensitive.AddName(_key, node.Key);
        }
        else
        {
            Visit(node.Key);
        }

        Visit(node.Value);
        _key = outer;
    }

    protected override void VisitMemberExpression(MemberExpression node)
    {
        if (!node.IsComputed && node.Property is Identifier property)
        {
            sensitive.AddName(property.Name, property);
            if (node.Object is Identifier { Name: "Number" } && property.Name is "MAX_SAFE_INTEGER" or "MAX_VALUE" or "POSITIVE_INFINITY") Add(double.MaxValue);
            Visit(node.Object);
            return;
        }

        base.VisitMemberExpression(node);
    }

    protected override void VisitCallExpression(CallExpression node)
    {
        if (!results.IsToolCall(node)) base.VisitCallExpression(node);
    }

    protected override void VisitStringLiteral(StringLiteral node) => Add(node.Value, node);

    protected override void VisitTemplateElement(TemplateElement node) => Add(node.Cooked ?? node.Raw, node);

    protected override void VisitNumberLiteral(NumberLiteral node) => Add(node.Value);

    protected override void VisitBigIntLiteral(BigIntLiteral node)
    {
        if (double.TryParse(node.Digits, NumberStyles.None, CultureInfo.InvariantCulture, out double value)) Add(value);
    }

    protected override void VisitUnaryExpression(UnaryExpression node)
    {
        _negative = node.Operator == UnaryOperator.Minus;
        base.VisitUnaryExpression(node);
        _negative = false;
    }

    protected override void VisitIdentifier(Identifier node)
    {
        if (node.Name == "Infinity") Add(double.MaxValue);
        if (bindings.ValueOf(node) is not { } value || !_followed.Add(value)) return;
        bool isLiteral = value.Kind is NodeKind.ObjectExpression or NodeKind.ArrayExpression or NodeKind.StringLiteral or NodeKind.NumberLiteral
            or NodeKind.BigIntLiteral or NodeKind.TemplateLiteral or NodeKind.UnaryExpression or NodeKind.Identifier;
        if (!isLiteral || !budget.Take(value)) return;
        // Values behind many names in a row come last, without a deep stack.
        if (_depth == MaxDepth)
        {
            _deeper.Enqueue(value);
            return;
        }

        _depth++;
        Visit(value);
        _depth--;
    }

    private static string Cut(string text) => text.Length > MaxKeptLength ? text[..MaxKeptLength] : text;

    private void Add(string text, Node node)
    {
        LongestString = Math.Max(LongestString, text.Length);
        HasWildcard |= text is "*" or "**" or "%";
        if (_strings.Count < MaxKept) _strings.Add(Cut(text));
        sensitive.AddText(text, node);
    }

    private void Add(double value)
    {
        double number = Math.Min(_negative ? -value : value, double.MaxValue);
        _negative = false;
        if (_numbers.Count < MaxKept) _numbers.Add(number);
        LargestNumber = Math.Max(LargestNumber, number);
        if (number > 1_000 || (_key is not null && LimitKeys.Contains(_key))) LargestLimit = Math.Max(LargestLimit, number);
    }
}
