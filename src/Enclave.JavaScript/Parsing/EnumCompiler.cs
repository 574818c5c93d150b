using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Parsing;

/// <summary>
/// Replaces enums by the objects that they are: <c>enum E { A, B = f() }</c> becomes
/// <c>let E = ((E) =&gt; { E[E.B = f()] = 'B'; return E; })({ A: 0, 0: 'A' })</c>.
/// </summary>
/// <remarks>
/// The values are those that the TypeScript compiler writes. An enum whose values the text shows is an object literal alone. The function is needed where a
/// value refers to the enum itself, or is needed twice. Each new node has the place of the text it stands for; references stay in the order of the text, which
/// searches rely on.
/// </remarks>
internal sealed partial class EnumCompiler : AstRewriter
{
    private readonly Dictionary<Node, EnumDraft> _drafts;
    private readonly HashSet<int> _assertedEnds;
    private readonly EnumScope? _scope;
    private readonly WorkMeter? _meter;
    private readonly Action<ParseErrorCode, int, string> _fail;

    // True while the value of a member is written that the text shows to be a text.
    private bool _isText;

    private EnumCompiler(
        IReadOnlyList<EnumDraft> drafts, HashSet<int> assertedEnds, EnumScope? scope, WorkMeter? meter, Action<ParseErrorCode, int, string> fail)
    {
        _drafts = drafts.ToDictionary((draft) => (Node)draft.Placeholder);
        (_assertedEnds, _scope, _meter, _fail) = (assertedEnds, scope, meter, fail);
    }

    /// <summary>Makes the program without drafts.</summary>
    /// <param name="program">The program, with the placeholders of the drafts.</param>
    /// <param name="drafts">The enums.</param>
    /// <param name="assertedEnds">Ends of the operands behind which a type was erased.</param>
    /// <param name="meter">Bounds the work; null for no bound.</param>
    /// <param name="fail">Takes the first error: a value that refers to nothing.</param>
    public static Program Compile(
        Program program, IReadOnlyList<EnumDraft> drafts, HashSet<int> assertedEnds, WorkMeter? meter, Action<ParseErrorCode, int, string> fail)
    {
        bool names = drafts.Any((draft) => draft.Members.Any((member) => !IsLiteral(member.Value)));
        EnumScope? scope = names ? new EnumScope(program, drafts, meter, fail) : null;
        return (Program)new EnumCompiler(drafts, assertedEnds, scope, meter, fail).Rewrite(program);
    }

    public override Node Rewrite(Node node)
    {
        _meter?.Step();
        return base.Rewrite(node);
    }

    protected override Node VisitIdentifier(Identifier node) => _scope?.OwnerOf(node) is { } table
        ? new MemberExpression(node.Start, node.End, new Identifier(node.Start, node.End, table.Name), node, false, false)
        : node;

    // In a value that is a string the TypeScript compiler writes the constant. So a name before a dot means the enum, even if a member of this name hides it.
    protected override Node VisitMemberExpression(MemberExpression node)
    {
        if (!_isText || node.Object is not Identifier owner || ValueOf(node) is not { IsConstant: true } value)
            return base.VisitMemberExpression(node);
        if (value.IsNumber) return Number(node.Start, node.End, value.Number);
        if (!_scope!.IsReached(owner)) _fail(
            ParseErrorCode.EarlyError, owner.Start, $"'{owner.Name}' has another meaning here: write the value out");
        return node;
    }

    protected override Node VisitProperty(Property node)
    {
        Node rewritten = base.VisitProperty(node);
        if (!node.IsShorthand || ReferenceEquals(rewritten, node)) return rewritten;
        var property = (Property)rewritten;
        // { A } becomes { A: E.A }. A default in a pattern keeps its name.
        return property.Value is MemberExpression or AssignmentPattern { Left: MemberExpression }
            ? new Property(node.Start, node.End, false, false, false, node.Key, property.Value, node.PropertyKind)
            : property;
    }

    protected override Node VisitVariableDeclaration(VariableDeclaration node)
    {
        if (_drafts.TryGetValue(node, out EnumDraft? draft)) return Declaration(draft, node);
        if (_scope is not null && node.VariableKind == VariableKind.Const) NoteConstants(node);
        return base.VisitVariableDeclaration(node);
    }

    protected override Node VisitBlockStatement(BlockStatement node) => _drafts.TryGetValue(node, out EnumDraft? draft)
        ? new BlockStatement(node.Start, node.End, [.. Members(draft).SelectMany((member) => Assigned(draft, member))])
        : base.VisitBlockStatement(node);

    private VariableDeclaration Declaration(EnumDraft draft, VariableDeclaration node)
    {
        Compiled[] members = [.. Members(draft)];
        bool needsObject = members.Any((member) => member.Value.Kind == EnumValueKind.Unknown)
            || (_scope?.UsesItself(draft) == true && members.Any((member) => !member.IsLiteral));
        int count = needsObject ? members.TakeWhile((member) => member.IsLiteral).Count() : members.Length;
        Expression made = new ObjectExpression(draft.Open, draft.End, [.. members.Take(count).SelectMany(Properties)]);
        if (needsObject)
        {
            var result = new ReturnStatement(draft.End - 1, draft.End, Name(draft, draft.End - 1));
            var body = new BlockStatement(draft.Open, draft.End, [.. members.Skip(count).SelectMany((member) => Assigned(draft, member)), result]);
            var function = new ArrowFunctionExpression(draft.Name.Start, draft.End, false, draft.Body.Params, body);
            made = new CallExpression(draft.Name.Start, draft.End, function, [made], false);
        }

        return new VariableDeclaration(
            node.Start, node.End, [new VariableDeclarator(draft.Name.Start, draft.End, draft.Name, made)], node.VariableKind);
    }

    private IEnumerable<Compiled> Members(EnumDraft draft)
    {
        (EnumTable? table, EnumTable? outer) = (_scope?.TableOf(draft), _current);
        double? next = 0;
        foreach (EnumMember member in draft.Members)
        {
            EnumValue value = default;
            _current = table;
            if (member.Value is { } written) value = ValueOf(written);
            else if (next is { } number) value = EnumValue.Of(number);
            else _fail(ParseErrorCode.EarlyError, member.Start, $"'{member.Name}' needs a value: the member before it has no number that the text shows");
            next = value.IsNumber ? value.Number + 1 : null;
            _current = outer;
            table?.Set(member.Name, value);
            bool wasText = _isText;
            _isText = value.Kind == EnumValueKind.Text;
            Expression? code = value.IsNumber || member.Value is null ? null : Rewrite<Expression>(member.Value);
            _isText = wasText;
            yield return new Compiled(member, value, code);
        }
    }

    // A: 0, 0: 'A'
    private static IEnumerable<Node> Properties(Compiled member)
    {
        EnumMember at = member.Member;
        yield return new Property(at.Start, at.End, false, false, false, at.Key, member.Code ?? Number(at, member.Value.Number), PropertyKind.Init);
        if (!member.Value.IsNumber) yield break;
        Expression key = Number(at, member.Value.Number);
        yield return new Property(at.Start, at.End, false, false, key is not NumberLiteral, key, NameOf(at), PropertyKind.Init);
    }

    // E.A = 0; E[0] = 'A'
    private static IEnumerable<Statement> Assigned(EnumDraft draft, Compiled member)
    {
        EnumMember at = member.Member;
        Expression code = member.Code ?? Number(at, member.Value.Number);
        var key = new MemberExpression(at.Start, at.Key.End, Name(draft, at.Start), at.Key, at.Key is StringLiteral, false);
        var given = new AssignmentExpression(at.Start, at.End, AssignmentOperator.Assign, key, code);
        if (member.Value.Kind != EnumValueKind.Unknown) yield return Statement(given);
        if (member.Value.IsText) yield break;
        Expression back = member.Value.IsNumber ? Number(at, member.Value.Number) : given;
        var named = new MemberExpression(at.Start, at.End, Name(draft, member.Value.IsNumber ? at.Key.End : at.Start), back, true, false);
        yield return Statement(new AssignmentExpression(at.Start, at.End, AssignmentOperator.Assign, named, NameOf(at)));
    }

    private static ExpressionStatement Statement(Expression expression) => new(expression.Start, expression.End, expression, null);

    private static Identifier Name(EnumDraft draft, int at) => new(at, at, draft.Name.Name);

    private static StringLiteral NameOf(EnumMember member) => new(member.Key.Start, member.Key.End, member.Name);

    private static Expression Number(EnumMember member, double value)
    {
        (int start, int end) = member.Value is { } written ? (written.Start, written.End) : (member.Key.End, member.Key.End);
        return Number(start, end, value);
    }

    private static Expression Number(int start, int end, double value)
    {
        if (double.IsFinite(value))
        {
            // Makes 0 of -0 too, as the compiler does.
            var number = new NumberLiteral(start, end, Math.Abs(value));
            return value < 0 ? new UnaryExpression(start, end, UnaryOperator.Minus, number) : number;
        }

        var over = new NumberLiteral(start, end, double.IsNaN(value) ? 0 : 1);
        var quotient = new BinaryExpression(start, end, over, BinaryOperator.Divide, new NumberLiteral(start, end, 0));
        return double.IsNegativeInfinity(value) ? new UnaryExpression(start, end, UnaryOperator.Minus, quotient) : quotient;
    }

    /// <summary>A member with its value, and the code for it where the text does not show a number.</summary>
    private readonly record struct Compiled(EnumMember Member, EnumValue Value, Expression? Code)
    {
        public bool IsLiteral => Value.IsNumber || (Value.Kind == EnumValueKind.Text && Code is StringLiteral or TemplateLiteral { Expressions.IsEmpty: true });
    }
}
