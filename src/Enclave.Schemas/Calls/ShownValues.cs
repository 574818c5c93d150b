using System.Globalization;
using Enclave.Guard.Rules;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;
using Enclave.Protocol;
using Enclave.Schemas.Checks;

namespace Enclave.Schemas.Calls;

/// <summary>The values and types that a script's text shows: literals, and constants that are literals. Anything else is unknown.</summary>
internal sealed class ShownValues(Aliases names, CheckBudget budget)
{
    /// <summary>Keys that do not cross, or that change what an object is.</summary>
    private static readonly string[] s_special = ["__proto__", "constructor", "prototype"];

    private readonly Dictionary<Binding, Expression> _constants = [];

    /// <summary>Remembers the value of a constant.</summary>
    public void Note(Identifier name, Expression value)
    {
        if (value is StringLiteral or NumberLiteral or BooleanLiteral or NullLiteral or TemplateLiteral { Expressions.IsEmpty: true }
            && names.ReferenceOf(name)?.Binding is { Kind: BindingKind.Const } binding) _constants[binding] = value;
    }

    /// <summary>The expression itself, or the literal that a constant has.</summary>
    public Expression Behind(Expression expression) =>
        expression is Identifier name && _constants.Count > 0 && names.ReferenceOf(name)?.Binding is { } binding
            ? _constants.GetValueOrDefault(binding, name)
            : expression;

    /// <summary>True for a global's name that the script does not declare.</summary>
    public bool IsGlobal(Expression expression, string name) => expression is Identifier identifier && identifier.Name == name && names.IsFree(identifier);

    /// <summary>True if the text shows that the value is undefined.</summary>
    public bool IsUndefined(Expression expression) => IsGlobal(expression, "undefined") || expression is UnaryExpression { Operator: UnaryOperator.Void };

    /// <summary>True if the value may be undefined: then the member is as good as left out.</summary>
    public bool MayBeUndefined(Expression expression) => TypesOf(expression) == SchemaType.Any;

    /// <summary>The value that an expression always has; null if the text does not show it.</summary>
    public ScriptValue? ValueOf(Expression expression)
    {
        budget.Step();
        switch (Behind(expression))
        {
            case NullLiteral: return ScriptValue.Null;
            case BooleanLiteral literal: return literal.Value ? ScriptValue.True : ScriptValue.False;
            case NumberLiteral literal: return ScriptValue.OfNumber(literal.Value);
            case StringLiteral literal: return ScriptValue.OfString(literal.Value);
            case TemplateLiteral { Expressions.IsEmpty: true } template when template.Quasis[0].Cooked is { } text: return ScriptValue.OfString(text);
            case UnaryExpression { Operator: UnaryOperator.Minus, Argument: NumberLiteral number }: return ScriptValue.OfNumber(-number.Value);
            case ArrayExpression array: return ArrayOf(array);
            case ObjectExpression members: return ObjectOf(members);
            default: return null;
        }
    }

    /// <summary>The types that the value has in JSON; any if the text does not show them.</summary>
    public SchemaType TypesOf(Expression expression)
    {
        budget.Step();
        return Behind(expression) switch
        {
            NullLiteral => SchemaType.Null,
            BooleanLiteral => SchemaType.Boolean,
            NumberLiteral literal => double.IsInteger(literal.Value) ? SchemaType.Integer : SchemaType.Number,
            BigIntLiteral => SchemaType.Integer,
            StringLiteral or TemplateLiteral => SchemaType.String,
            ArrayExpression => SchemaType.Array,
            ObjectExpression { Properties: var properties } when !properties.Any(HasSpecialKey) => SchemaType.Object,
            UnaryExpression { Operator: UnaryOperator.Not or UnaryOperator.Delete } => SchemaType.Boolean,
            UnaryExpression { Operator: UnaryOperator.TypeOf } => SchemaType.String,
            UnaryExpression { Operator: UnaryOperator.Minus, Argument: NumberLiteral } => SchemaType.Integer | SchemaType.Number,
            BinaryExpression { Operator: BinaryOperator.Add, Left: var left, Right: var right }
                when Behind(left) is StringLiteral or TemplateLiteral || Behind(right) is StringLiteral or TemplateLiteral => SchemaType.String,
            BinaryExpression
            {
                Operator: BinaryOperator.Equal or BinaryOperator.NotEqual or BinaryOperator.StrictEqual or BinaryOperator.StrictNotEqual
                    or BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual,
            } => SchemaType.Boolean,
            CallExpression { Callee: Identifier { Name: "String" } callee } when names.IsFree(callee) => SchemaType.String,
            CallExpression { Callee: Identifier { Name: "Boolean" } callee } when names.IsFree(callee) => SchemaType.Boolean,
            _ => SchemaType.Any,
        };
    }

    /// <summary>The name of a member in a literal; null if the text does not show it.</summary>
    public static string? NameOf(Property property) => property switch
    {
        { IsComputed: false, Key: Identifier name } => name.Name,
        { Key: StringLiteral name } => name.Value,
        { IsComputed: false, Key: NumberLiteral { Value: >= 0 and < int.MaxValue } number } when double.IsInteger(number.Value) =>
            number.Value.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    public static bool HasSpecialKey(Node member) => member is Property property && NameOf(property) is { } name && s_special.Contains(name);

    private ScriptValue? ArrayOf(ArrayExpression array)
    {
        var items = new ScriptValue[array.Elements.Length];
        for (int i = 0; i < items.Length; i++)
        {
            if (array.Elements[i] is not { } element || ValueOf(element) is not { } item) return null;
            items[i] = item;
        }

        return Bounded(() => ScriptValue.OfArray(items), items);
    }

    private ScriptValue? ObjectOf(ObjectExpression members)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (Node node in members.Properties)
        {
            bool isPlain = node is Property { PropertyKind: PropertyKind.Init, IsMethod: false } && !HasSpecialKey(node);
            if (!isPlain || NameOf((Property)node) is not { } name || ((Property)node).Value is not Expression value) return null;
            if (IsUndefined(value)) values.Remove(name);
            else if (ValueOf(value) is { } known) values[name] = known;
            else return null;
        }

        return Bounded(() => ScriptValue.From(values), values.Values.Cast<ScriptValue>());
    }

    /// <summary>Literals may be nested deeper than values can be.</summary>
    private static ScriptValue? Bounded(Func<ScriptValue> make, IEnumerable<ScriptValue> parts) =>
        parts.All((part) => part.Depth < ProtocolLimits.MaxDepth - 1) ? make() : null;
}
