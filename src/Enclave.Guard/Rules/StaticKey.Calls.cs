using System.Text;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Rules;

internal sealed partial class StaticKey
{
    private const int MaxCodes = 64;

    private List<string> FoldCall(CallExpression call)
    {
        if (names.GlobalNameOf(call.Callee) == "String" && call.Arguments is [var only]) return Fold(only);
        if (IsMethodOf(call.Callee, "String", "fromCharCode") || IsMethodOf(call.Callee, "String", "fromCodePoint")) return FoldCodes(call);
        if (names.Resolve(call.Callee) is not MemberExpression member || MethodOf(member) is not { } method) return [];
        return method switch
        {
            "toString" or "valueOf" when call.Arguments.IsEmpty => Fold(member.Object),
            "toLowerCase" when call.Arguments.IsEmpty => [.. Fold(member.Object).Select((text) => text.ToLowerInvariant())],
            "trim" when call.Arguments.IsEmpty => [.. Fold(member.Object).Select((text) => text.Trim())],
            "concat" => FoldConcat(member.Object, call),
            "join" => FoldJoin(member.Object, call),
            _ => [],
        };
    }

    private List<string> FoldConcat(Expression first, CallExpression call)
    {
        List<string> text = Fold(first);
        foreach (Expression argument in call.Arguments)
        {
            if (text.Count == 0) return text;
            text = Joined(text, Fold(argument));
        }

        return text;
    }

    private List<string> FoldJoin(Expression list, CallExpression call)
    {
        List<string> between = call.Arguments.IsEmpty ? [","] : Fold(call.Arguments[0]);
        if (between.Count != 1) return [];
        Expression target = names.Resolve(list);
        if (target is ArrayExpression array) return FoldList(array, between[0]);
        // 'rotcurtsnoc'.split('').reverse().join('')
        if (between[0].Length == 0 && Receiver(target, "reverse") is { } reversed && Receiver(names.Resolve(reversed), "split") is { } text)
        {
            return [.. Fold(text).Select((value) => string.Concat(value.Reverse()))];
        }

        // A longer one needs more steps than the budget has.
        return Receiver(target, "reverse") is { } turned && names.Resolve(turned) is ArrayExpression { Elements.Length: <= MaxSteps } elements
            ? FoldList(new ArrayExpression(elements.Start, elements.End, [.. elements.Elements.Reverse()]), between[0])
            : [];
    }

    private List<string> FoldCodes(CallExpression call)
    {
        if (call.Arguments.Length > MaxCodes) return [];
        var text = new StringBuilder();
        foreach (Expression argument in call.Arguments)
        {
            if (!TakeStep() || StaticNumber.Of(argument, names) is not { } code || code is not (>= 0 and < 0x10000)) return [];
            text.Append((char)code);
        }

        return [text.ToString()];
    }

    private Expression? Receiver(Expression expression, string method) =>
        expression is CallExpression call && names.Resolve(call.Callee) is MemberExpression member && MethodOf(member) == method ? member.Object : null;

    private bool IsMethodOf(Expression callee, string owner, string method) =>
        names.Resolve(callee) is MemberExpression member && MethodOf(member) == method && names.GlobalNameOf(member.Object) == owner;

    private static string? MethodOf(MemberExpression member) => member.Property switch
    {
        Identifier name when !member.IsComputed => name.Name,
        StringLiteral text => text.Value,
        _ => null,
    };
}
