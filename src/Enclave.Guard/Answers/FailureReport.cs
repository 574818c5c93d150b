using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Answers;

/// <summary>
/// Recognises failure handlers that print the error and end the process, as Node programs have them:
/// <c>.catch((error) =&gt; { console.error(error); process.exit(1); })</c>.
/// </summary>
internal static class FailureReport
{
    public static bool Is(Expression handler) => handler switch
    {
        MemberExpression member => IsMemberOf(member, "console"),
        ArrowFunctionExpression { Body: Expression value } => IsReport(value),
        IFunction { Body: BlockStatement block } => block.Body.All(
            (statement) => statement is ThrowStatement or EmptyStatement || statement is ExpressionStatement { Expression: var value } && IsReport(value)),
        _ => false,
    };

    private static bool IsReport(Expression value) => value switch
    {
        CallExpression { Callee: MemberExpression member } => IsMemberOf(member, "console") || IsMemberOf(member, "process"),
        AssignmentExpression { Left: MemberExpression member } => IsMemberOf(member, "process"),
        _ => false,
    };

    private static bool IsMemberOf(MemberExpression member, string name) =>
        member is { IsComputed: false, Object: Identifier { Name: var owner } } && owner == name;
}
