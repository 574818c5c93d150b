using System.Collections.Immutable;
using Enclave.Guard.Rules;
using Enclave.JavaScript.Ast;
using Enclave.Protocol;
using Enclave.Schemas.Checks;

namespace Enclave.Schemas.Calls;

/// <content>Expressions that read answers.</content>
internal sealed partial class CallWalk
{
    private const int ShownMembers = 8;

    protected override void VisitAwaitExpression(AwaitExpression node)
    {
        if (_functions == 0) _settled = node.Argument;
        _shape = AnswerShape.Awaited(Eval(node.Argument));
    }

    protected override void VisitChainExpression(ChainExpression node)
    {
        if (ReferenceEquals(_guarded, node)) _guarded = node.Expression;
        _shape = Eval(node.Expression);
    }

    protected override void VisitSequenceExpression(SequenceExpression node)
    {
        foreach (Expression part in node.Expressions) _shape = Eval(part);
    }

    protected override void VisitMemberExpression(MemberExpression node)
    {
        // A script that tests for a member expects that it may be missing.
        bool isGuarded = ReferenceEquals(_guarded, node);
        if (node.IsOptional) _guarded = Unchained(node.Object);
        AnswerShape? shape = Eval(node.Object);
        if (node.IsComputed && NameOf(node) is null)
        {
            EvalSettled(node.Property);
            if (shape is { Kind: ShapeKind.Promise }) ReportPromise(shape, node.Object);
            if (shape is { Kind: ShapeKind.Value } && node.Property is NumberLiteral && !isGuarded) ReportWalked(shape, node.Object);
            _shape = node.Property is NumberLiteral { Value: >= 0 and < 1_000 } index && shape is { Kind: ShapeKind.Tuple }
                ? PartOf(shape, (int)index.Value)
                : shape is { Kind: ShapeKind.Promise } ? null : shape?.Item(_budget);
            return;
        }

        _shape = shape is null || NameOf(node) is not { } name ? null : Member(shape, name, node.Property, isGuarded ? Reading.Guarded : Reading.Plain);
    }

    protected override void VisitConditionalExpression(ConditionalExpression node)
    {
        EvalCondition(node.Test);
        (AnswerShape? one, AnswerShape? other) = (Eval(node.Consequent), Eval(node.Alternate));
        _shape = Either(one, node.Consequent, other, node.Alternate);
    }

    protected override void VisitLogicalExpression(LogicalExpression node)
    {
        if (node.Operator != LogicalOperator.And) _guarded = Unchained(node.Left);
        AnswerShape? one = Eval(node.Left);
        // A promise that is kept for later is asked for by its name.
        if (one is { Kind: ShapeKind.Promise } && (one.IsOfTool || node.Left is CallExpression)) ReportPromise(one, node.Left);
        AnswerShape? other = Eval(node.Right);
        _shape = node.Operator == LogicalOperator.And ? other : Either(one, node.Left, other, node.Right);
    }

    protected override void VisitUnaryExpression(UnaryExpression node)
    {
        if (node.Operator is UnaryOperator.TypeOf or UnaryOperator.Delete) _guarded = Unchained(node.Argument);
        if (node.Operator is UnaryOperator.Void or UnaryOperator.TypeOf or UnaryOperator.Delete) Eval(node.Argument);
        else if (node.Operator == UnaryOperator.Not) EvalCondition(node.Argument);
        else EvalSettled(node.Argument);
        if (node.Operator == UnaryOperator.TypeOf) Forget(node.Argument);
    }

    protected override void VisitBinaryExpression(BinaryExpression node)
    {
        bool isEquality = node.Operator is BinaryOperator.Equal or BinaryOperator.NotEqual or BinaryOperator.StrictEqual or BinaryOperator.StrictNotEqual;
        if (isEquality && (node.Right is NullLiteral || _values.IsUndefined(node.Right))) _guarded = Unchained(node.Left);
        (AnswerShape? left, AnswerShape? right) = (Eval(node.Left), Eval(node.Right));
        // A promise may be compared with null or undefined, or with another promise.
        if (left is { Kind: ShapeKind.Promise } && (!isEquality || left.IsOfTool || node.Left is CallExpression)) ReportPromise(left, node.Left);
        if (right is { Kind: ShapeKind.Promise } && (!isEquality || right.IsOfTool || node.Right is CallExpression)) ReportPromise(right, node.Right);
        if (isEquality) CheckChoice(left, node.Right);
        if (isEquality) CheckChoice(right, node.Left);
        if (node.Operator is BinaryOperator.In) Forget(node.Right);
        if (node.Operator is BinaryOperator.InstanceOf) Forget(node.Left);
    }

    protected override void VisitTemplateLiteral(TemplateLiteral node)
    {
        foreach (Expression part in node.Expressions) EvalSettled(part);
    }

    protected override void VisitSpreadElement(SpreadElement node) => EvalSettled(node.Argument);

    protected override void VisitArrayExpression(ArrayExpression node)
    {
        if (node.Elements is [SpreadElement { Argument: var spread }])
        {
            _shape = EvalSettled(spread)?.Item(_budget) is { } item ? AnswerShape.ListOf(item) : null;
            return;
        }

        bool isPlain = true;
        ImmutableArray<AnswerShape?>.Builder parts = ImmutableArray.CreateBuilder<AnswerShape?>(node.Elements.Length);
        foreach (Expression? element in node.Elements)
        {
            isPlain &= element is not (null or SpreadElement);
            parts.Add(Eval(element));
        }

        _shape = isPlain ? AnswerShape.TupleOf(parts.MoveToImmutable()) : null;
    }

    protected override void VisitObjectExpression(ObjectExpression node)
    {
        bool isReturned = ReferenceEquals(_settled, node);
        foreach (Node member in node.Properties)
        {
            if (member is not Property { IsComputed: false, Value: Expression value } property)
            {
                Visit(member);
                continue;
            }

            AnswerShape? shape = Eval(value);
            if (isReturned && shape is { Kind: ShapeKind.Promise }) ReportPromise(shape, property.Value);
        }
    }

    private static Expression Unchained(Expression expression) => expression is ChainExpression chain ? chain.Expression : expression;

    /// <summary>The form of a value that is one of two. An empty literal instead of an answer has no members, so it does not change the form.</summary>
    private static AnswerShape? Either(AnswerShape? one, Expression oneText, AnswerShape? other, Expression otherText)
    {
        if (one is not null && other is not null) return one.IsSame(other) ? one : null;
        if (one is not null) return IsEmpty(otherText) ? one : null;
        return other is not null && IsEmpty(oneText) ? other : null;
    }

    private static bool IsEmpty(Expression expression) =>
        expression is NullLiteral or ArrayExpression { Elements: [] } or ObjectExpression { Properties: [] } or Identifier { Name: "undefined" };

    /// <summary>The form of a member of an answer. Reports one that the answer cannot have.</summary>
    private AnswerShape? Member(AnswerShape shape, string name, Node place, Reading reading)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Promise:
                if (name is not ("then" or "catch" or "finally" or "constructor" or "toString")) ReportPromise(shape, place);
                return null;
            case ShapeKind.Value:
                MemberPresence presence = SchemaReading.Find(shape.Schema!, name, _budget, out SchemaNode? member);
                if (presence is MemberPresence.Absent or MemberPresence.Unnamed && reading == Reading.Plain) ReportMember(shape, name, place, presence);
                return member is null ? null : AnswerShape.ValueOf(shape.Tool, member);
            default:
                return null;
        }
    }

    private void ReportMember(AnswerShape shape, string name, Node place, MemberPresence presence)
    {
        SchemaType types = SchemaReading.Types(shape.Schema!, _budget);
        bool isObject = (types & SchemaType.Object) != 0;
        string[] known = isObject ? [.. SchemaReading.Names(shape.Schema!, _budget).Distinct(StringComparer.Ordinal)] : [];
        string? near = NameHints.Nearest(name, known);
        // In a schema with open objects, two unnamed members are reported for sure: one that looks like a typing error, and the envelope of a web answer.
        // Others are reported only if the run ends as if the member were missing.
        bool isDoubtful = near is null && presence == MemberPresence.Unnamed && !AnswerEnvelopes.Contains(name);
        string hint = near is not null ? $"Write {near}."
            : known.Length > 0 ? $"Its members are {string.Join(", ", known.Take(ShownMembers))}{(known.Length > ShownMembers ? ", …" : "")}."
            : (types & SchemaType.Array) != 0 ? "It is an array itself: use it as it is, with [0], .map(…), .length or for … of."
            : types == SchemaType.Null ? "The tool answers with nothing." : "Use the value as it is.";
        Add(new CallFinding(ToolCallRules.Answers, ToolCallRules.UnknownMember, place, $"The answer of {shape.Tool} has no member {name} here", hint)
        {
            Member = name,
            IsDoubtful = isDoubtful,
        });
    }

    /// <summary>Reports an object of an answer that is walked, or read by a number, as if it were a list.</summary>
    private void ReportWalked(AnswerShape shape, Node place)
    {
        if ((SchemaReading.Types(shape.Schema!, _budget) & ~SchemaType.Null) != SchemaType.Object) return;
        string[] known = [.. SchemaReading.Names(shape.Schema!, _budget).Distinct(StringComparer.Ordinal)];
        if (known.Length == 0) return;
        string? list = known.FirstOrDefault((name) =>
            SchemaReading.Find(shape.Schema!, name, _budget, out SchemaNode? member) == MemberPresence.Present && member is not null
            && SchemaReading.Items(member, _budget) is not null);
        Add(new CallFinding(ToolCallRules.Answers, ToolCallRules.UnknownMember, place,
            $"The answer of {shape.Tool} is an object here, not a list, with the members {string.Join(", ", known.Take(ShownMembers))}",
            list is null ? "Read its members by their names." : $"Take the list out of it: answer.{list}."));
    }

    /// <summary>Reports a comparison with a text that the answer never is.</summary>
    private void CheckChoice(AnswerShape? shape, Expression other)
    {
        if (shape is not { Kind: ShapeKind.Value, Schema.Choices: { Count: > 0 } choices } || other is not StringLiteral { Value: var text }) return;
        string[] texts = [.. choices.Where((choice) => choice.Kind == ScriptValueKind.String).Select((choice) => choice.AsString())];
        if (texts.Length == 0 || texts.Contains(text, StringComparer.Ordinal)) return;
        string near = texts.FirstOrDefault((one) => one.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } same ? $"Write '{same}'."
            : $"It is one of {string.Join(", ", texts.Take(ShownMembers).Select((one) => $"'{one}'"))}.";
        Add(new CallFinding(ToolCallRules.Answers, ToolCallRules.NeverEqual, other, $"The answer of {shape.Tool} is never this text here", near));
    }

    private void ReportLabel(LabeledStatement label) => Add(new CallFinding(ToolCallRules.Answers, ToolCallRules.LostValue, label,
        "The { behind => begins a block, so the function gives nothing", $"For an object write (x) => ({{ {label.Label.Name}: … }})."));

    protected override void VisitNewExpression(NewExpression node)
    {
        bool isGlobal = node.Callee is Identifier { Name: not "Promise" } name && _names.IsFree(name);
        Eval(node.Callee);
        // The function of a promise may count its work itself, and resolve at the end of it.
        if (!isGlobal) _executors++;
        foreach (Expression argument in node.Arguments)
        {
            if (isGlobal) EvalSettled(argument);
            else Eval(argument);
        }

        if (!isGlobal) _executors--;
    }

    /// <summary>How a member is read.</summary>
    private enum Reading
    {
        Plain,

        /// <summary>The script expects that the member may be missing.</summary>
        Guarded,
    }
}
