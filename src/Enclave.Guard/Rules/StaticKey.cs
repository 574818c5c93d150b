using System.Globalization;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

/// <summary>
/// Finds the keys that an access may use, as far as the text shows them: <c>o['con' + 'structor']</c>, <c>o[x ? 'a' : k]</c> with a constant k.
/// </summary>
/// <remarks>Bounded: a key that takes more steps or is longer counts as unknown and is checked at run time.</remarks>
internal sealed partial class StaticKey(Aliases names)
{
    private const int MaxSteps = 256;
    private const int MaxProgramSteps = 100_000;
    private const int MaxValues = 8;
    private const int MaxLength = 256;
    private const int MaxAdditions = 3;

    private readonly string[] _one = new string[1];
    private Expression? _lastKey;
    private List<string> _lastValues = [];
    private int _additions;
    private int _steps;
    private int _programSteps;

    /// <summary>The keys that an access may use; empty if unknown. Valid until the next call.</summary>
    public ReadOnlySpan<string> Of(MemberExpression member) => Of(member.Property, member.IsComputed ? KeyForm.Computed : KeyForm.Plain);

    /// <summary>The keys that a property of a literal or pattern may have; empty if unknown. Valid until the next call.</summary>
    public ReadOnlySpan<string> Of(Property property) => Of(property.Key, property.IsComputed ? KeyForm.Computed : KeyForm.Plain);

    /// <summary>The texts that an expression may become; empty if unknown. Valid until the next call.</summary>
    public ReadOnlySpan<string> TextOf(Expression expression) => Of(expression, KeyForm.Computed);

    private ReadOnlySpan<string> Of(Expression key, KeyForm form)
    {
        string? plain = key switch
        {
            StringLiteral text => text.Value,
            Identifier name when form == KeyForm.Plain => name.Name,
            _ => null,
        };
        if (plain is not null)
        {
            _one[0] = plain;
            return _one;
        }

        if (form == KeyForm.Plain || key.Kind == NodeKind.NumberLiteral) return [];
        if (!ReferenceEquals(key, _lastKey))
        {
            _steps = 0;
            _lastValues = Fold(key);
            _lastKey = key;
        }

        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_lastValues);
    }

    private bool TakeStep() => ++_steps <= MaxSteps && ++_programSteps <= MaxProgramSteps;

    private static void Add(List<string> values, string value)
    {
        if (values.Count < MaxValues && value.Length <= MaxLength && !values.Contains(value)) values.Add(value);
    }

    private List<string> Joined(List<string> left, List<string> right)
    {
        var all = new List<string>();
        // Each pair counts as one step.
        _programSteps += Math.Max(0, (left.Count * right.Count) - 1);
        foreach (string head in left)
        {
            foreach (string tail in right)
            {
                if (head.Length + tail.Length <= MaxLength) Add(all, head + tail);
            }
        }

        return all;
    }

    private List<string> Fold(Expression? expression)
    {
        if (expression is null || !TakeStep()) return [];
        switch (expression)
        {
            case StringLiteral text: return text.Value.Length <= MaxLength ? [text.Value] : [];
            case NumberLiteral number: return [number.Value.ToString("R", CultureInfo.InvariantCulture)];
            case NullLiteral: return ["null"];
            case TemplateLiteral template: return FoldTemplate(template);
            case TaggedTemplateExpression { Quasi: var quasi, Tag: var tag } when IsMethodOf(tag, "String", "raw"): return FoldTemplate(quasi);
            case BinaryExpression { Operator: BinaryOperator.Add } sum: return Joined(Fold(sum.Left), Fold(sum.Right));
            case ConditionalExpression choice: return Either(choice.Consequent, choice.Alternate);
            case LogicalExpression choice: return Either(choice.Left, choice.Right);
            case SequenceExpression sequence: return Fold(sequence.Expressions[^1]);
            case AssignmentExpression { Operator: AssignmentOperator.Add } sum: return FoldAddition(sum);
            case AssignmentExpression assignment: return Fold(assignment.Right);
            case ChainExpression chain: return Fold(chain.Expression);
            case AwaitExpression awaited: return Fold(awaited.Argument);
            case ArrayExpression array: return FoldList(array, ",");
            case ObjectExpression instance: return FoldObject(instance);
            case Identifier identifier: return FoldName(identifier);
            case MemberExpression member: return FoldMember(member);
            case CallExpression call: return FoldCall(call);
            case NewExpression { Callee: var callee, Arguments: [var only] } when names.GlobalNameOf(callee) == "String": return Fold(only);
            default: return [];
        }
    }

    /// <summary>The values of k after <c>k += 'x'</c>. The old value of k may come from another addition.</summary>
    private List<string> FoldAddition(AssignmentExpression sum)
    {
        if (sum.Left is not Identifier target || _additions == MaxAdditions) return [];
        _additions++;
        List<string> all = Joined(Fold(target), Fold(sum.Right));
        _additions--;
        return all;
    }

    private List<string> Either(Expression left, Expression right)
    {
        List<string> all = Fold(left);
        foreach (string value in Fold(right)) Add(all, value);
        return all;
    }

    private List<string> FoldTemplate(TemplateLiteral template)
    {
        List<string> text = [template.Quasis[0].Cooked ?? ""];
        for (int i = 0; i < template.Expressions.Length && text.Count > 0; i++)
        {
            text = Joined(Joined(text, Fold(template.Expressions[i])), [template.Quasis[i + 1].Cooked ?? ""]);
        }

        return text;
    }

    /// <summary>The text of an array: its elements, joined by the separator.</summary>
    private List<string> FoldList(ArrayExpression array, string between)
    {
        List<string> text = [""];
        for (int i = 0; i < array.Elements.Length && text.Count > 0; i++)
        {
            // Holes count as well.
            if (!TakeStep()) return [];
            if (i > 0) text = Joined(text, [between]);
            if (array.Elements[i] is { } element) text = Joined(text, Fold(element));
        }

        return text;
    }

    private List<string> FoldName(Identifier identifier)
    {
        var values = new List<Expression>();
        names.AddValuesOf(identifier, values);
        if (values.Count == 0) return [];
        var all = new List<string>();
        foreach (Expression value in values)
        {
            foreach (string text in Fold(value)) Add(all, text);
        }

        return all;
    }

    /// <summary>An element of a literal: <c>['constructor'][0]</c>, <c>names.first</c>.</summary>
    private List<string> FoldMember(MemberExpression member)
    {
        switch (names.Resolve(member.Object))
        {
            case ArrayExpression array when member is { IsComputed: true, Property: NumberLiteral { Value: >= 0 and < int.MaxValue } number }
                && number.Value < array.Elements.Length:
                return Fold(array.Elements[(int)number.Value]);
            case ObjectExpression instance when !member.IsComputed && member.Property is Identifier name:
                return FoldProperty(instance, name.Name);
            default:
                return [];
        }
    }

    private List<string> FoldProperty(ObjectExpression instance, string name)
    {
        foreach (Node node in instance.Properties)
        {
            if (!TakeStep()) return [];
            if (node is Property { IsComputed: false, Value: Expression value, PropertyKind: PropertyKind.Init, Key: var key } && NameOf(key) == name)
            {
                return Fold(value);
            }
        }

        return [];
    }

    /// <summary>An object that converts itself to a text.</summary>
    private List<string> FoldObject(ObjectExpression instance)
    {
        foreach (Node node in instance.Properties)
        {
            if (!TakeStep()) return [];
            if (node is not Property { IsComputed: false } property || NameOf(property.Key) is not ("toString" or "valueOf")) continue;
            List<string> text = FoldReturn(property.Value);
            // The getter returns the function that returns the text.
            if (property.PropertyKind == PropertyKind.Get && ReturnOf(property.Value) is { } inner) text = FoldReturn(inner);
            if (text.Count > 0) return text;
        }

        return [];
    }

    private List<string> FoldReturn(Node function) => Fold(ReturnOf(function));

    private static Expression? ReturnOf(Node node) => node switch
    {
        IFunction { Body: Expression value } => value,
        IFunction { Body: BlockStatement { Body: [.., ReturnStatement { Argument: { } value }] } } => value,
        _ => null,
    };

    private static string? NameOf(Expression key) => key switch
    {
        Identifier name => name.Name,
        StringLiteral text => text.Value,
        _ => null,
    };

    private enum KeyForm
    {
        Plain,
        Computed,
    }
}
