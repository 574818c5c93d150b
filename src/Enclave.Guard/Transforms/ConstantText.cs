using System.Diagnostics.CodeAnalysis;
using System.Text;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Transforms;

/// <summary>Texts that a program contains: strings, templates of strings, and constants with such a value.</summary>
/// <remarks>
/// An answer is exact: the expression has this value whenever it is evaluated. Depth and number are bounded, and so is the length: one constant may stand for
/// the names in all calls.
/// </remarks>
internal sealed class ConstantText(Program program, ScopeTree scopes)
{
    /// <summary>The longest text, in UTF-16 units. No tool has a longer name.</summary>
    public const int MaxLength = 256;

    private const int MaxDepth = 8;

    private int _budget = 20_000;
    private WrittenValues? _written;

    // Created on first use, because most programs never need it.
    private WrittenValues Written => _written ??= WrittenValues.Of(program);

    /// <summary>The text that an expression always has. False if the program does not show one.</summary>
    public bool TryGet(Expression expression, [NotNullWhen(true)] out string? text) => (text = Of(expression, 0)) is { Length: <= MaxLength };

    private string? Of(Expression expression, int depth)
    {
        if (depth > MaxDepth || --_budget < 0) return null;
        return expression switch
        {
            StringLiteral literal => literal.Value,
            TemplateLiteral { Expressions.IsEmpty: true } template => template.Quasis[0].Cooked,
            TemplateLiteral template => Of(template, depth),
            Identifier name => scopes.ReferenceOf(name) is { Binding: { Kind: BindingKind.Const, Declaration: { } declaration }, MayBeDynamic: false }
                && Written.TryGet(declaration, out Expression? value) ? Of(value, depth + 1) : null,
            _ => null,
        };
    }

    private string? Of(TemplateLiteral template, int depth)
    {
        var text = new StringBuilder();
        for (int i = 0; i < template.Quasis.Length; i++)
        {
            string piece = template.Quasis[i].Cooked ?? "";
            string? before = i == 0 ? "" : Of(template.Expressions[i - 1], depth + 1);
            if (before is null || text.Length + before.Length + piece.Length > MaxLength) return null;
            text.Append(before).Append(piece);
        }

        return text.ToString();
    }
}
