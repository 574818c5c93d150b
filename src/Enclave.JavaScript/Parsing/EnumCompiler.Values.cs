using System.Runtime.CompilerServices;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;

namespace Enclave.JavaScript.Parsing;

/// <content>The values that the text shows, by the rules of the TypeScript compiler.</content>
internal sealed partial class EnumCompiler
{
    // The values of constants that stand before this place.
    private readonly Dictionary<Binding, EnumValue> _constants = [];

    // The enum whose members are being made. Values elsewhere may name members of enums that stand further on.
    private EnumTable? _current;

    private static bool IsLiteral(Expression? value) => value is null or NumberLiteral or StringLiteral
        || value is UnaryExpression { Operator: UnaryOperator.Minus, Argument: NumberLiteral }
        || value is BinaryExpression { Left: NumberLiteral, Right: NumberLiteral };

    private void NoteConstants(VariableDeclaration node)
    {
        foreach (VariableDeclarator declarator in node.Declarations)
        {
            if (declarator is { Id: Identifier name, Init: { } value } && _scope!.BindingOf(name) is { } binding) _constants[binding] = ValueOf(value);
        }
    }

    private EnumValue ValueOf(Expression expression)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        _meter?.Step();
        if (_assertedEnds.Contains(expression.End)) return default;
        return expression switch
        {
            NumberLiteral number => EnumValue.Of(number.Value),
            StringLiteral => EnumValue.Text,
            TemplateLiteral template => template.Expressions.All((part) => ValueOf(part).IsConstant) ? EnumValue.Text : EnumValue.ComputedText,
            UnaryExpression unary => ValueOf(unary),
            BinaryExpression binary => ValueOf(binary.Operator, ValueOf(binary.Left), ValueOf(binary.Right)),
            Identifier name => ValueOf(name),
            // With parentheses around the enum's name, the TypeScript compiler treats the value as known only at run time.
            MemberExpression { Object: Identifier owner, IsOptional: false } member
                when member.Start == owner.Start && !_assertedEnds.Contains(owner.End) && TableOf(owner, member) is { } table => ValueOf(table, member),
            _ => default,
        };
    }

    private EnumTable? TableOf(Identifier owner, MemberExpression member) =>
        member.IsComputed ? _scope?.Named(owner) : _scope?.NamedAsSpace(owner);

    private EnumValue ValueOf(UnaryExpression unary)
    {
        if (unary.Operator is not (UnaryOperator.Minus or UnaryOperator.Plus or UnaryOperator.BitwiseNot)) return default;
        EnumValue value = ValueOf(unary.Argument);
        if (!value.IsNumber) return default;
        return EnumValue.Of(unary.Operator switch
        {
            UnaryOperator.Minus => -value.Number,
            UnaryOperator.Plus => value.Number,
            _ => ~ToInt32(value.Number),
        });
    }

    private static EnumValue ValueOf(BinaryOperator sign, EnumValue left, EnumValue right)
    {
        if (sign == BinaryOperator.Add && (left.IsText || right.IsText))
            return left.IsConstant && right.IsConstant ? EnumValue.Text : EnumValue.ComputedText;
        if (!left.IsNumber || !right.IsNumber) return default;
        (double a, double b) = (left.Number, right.Number);
        double? result = sign switch
        {
            BinaryOperator.Add => a + b,
            BinaryOperator.Subtract => a - b,
            BinaryOperator.Multiply => a * b,
            BinaryOperator.Divide => a / b,
            BinaryOperator.Remainder => a % b,
            BinaryOperator.Power => Power(a, b),
            BinaryOperator.BitwiseOr => ToInt32(a) | ToInt32(b),
            BinaryOperator.BitwiseAnd => ToInt32(a) & ToInt32(b),
            BinaryOperator.BitwiseXor => ToInt32(a) ^ ToInt32(b),
            BinaryOperator.ShiftLeft => ToInt32(a) << (ToInt32(b) & 31),
            BinaryOperator.ShiftRight => ToInt32(a) >> (ToInt32(b) & 31),
            BinaryOperator.ShiftRightUnsigned => (uint)ToInt32(a) >> (ToInt32(b) & 31),
            _ => null,
        };
        return result is { } number ? EnumValue.Of(number) : default;
    }

    // Other powers differ in their last digit between mathematical libraries: the engine computes them.
    private static double? Power(double a, double b)
    {
        double result = Math.Pow(a, b);
        return a == Math.Floor(a) && b >= 0 && b == Math.Floor(b) && Math.Abs(result) <= 1L << 53 ? result : null;
    }

    private EnumValue ValueOf(Identifier name)
    {
        if (_scope is null) return default;
        if (_scope.OwnerOf(name) is { } owner) return ValueOf(owner, name.Name, name);
        if (_scope.BindingOf(name) is { } binding) return _constants.GetValueOrDefault(binding);
        return name.Name switch
        {
            "Infinity" => EnumValue.Of(double.PositiveInfinity),
            "NaN" => EnumValue.Of(double.NaN),
            _ => default,
        };
    }

    private EnumValue ValueOf(EnumTable table, MemberExpression member) => member.Property switch
    {
        Identifier name when !member.IsComputed => ValueOf(table, name.Name, member),
        StringLiteral text => ValueOf(table, text.Value, member),
        TemplateLiteral { Expressions.IsEmpty: true, Quasis: [{ Cooked: { } text }] } => ValueOf(table, text, member),
        _ => default,
    };

    private EnumValue ValueOf(EnumTable table, string member, Expression at)
    {
        if (table.ValueOf(member) is { } value) return value;
        if (table.Has(member) && _current == table)
            _fail(ParseErrorCode.EarlyError, at.Start, $"A value can only name members that stand before it, and '{member}' does not");
        return default;
    }

    // ECMA-262 7.1.6.
    private static int ToInt32(double value) => double.IsFinite(value) ? unchecked((int)(long)(Math.Truncate(value) % 4_294_967_296.0)) : 0;
}
