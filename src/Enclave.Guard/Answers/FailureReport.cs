using System.Collections.Immutable;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Answers;

/// <summary>
/// Recognises handlers that print the error and end the process, as Node programs have them:
/// <c>.catch((error) =&gt; { console.error(error); process.exit(1); })</c>, <c>.then(() =&gt; process.exit(0))</c>.
/// </summary>
internal static class FailureReport
{
    public static bool Is(Expression handler) => handler switch
    {
        MemberExpression member => IsMemberOf(member, "console"),
        ArrowFunctionExpression { Body: Expression value } => IsReport(value),
        IFunction { Body: BlockStatement block } => Is(block.Body),
        _ => false,
    };

    /// <summary>True if each statement prints, ends the process, or throws.</summary>
    public static bool Is(ImmutableArray<Statement> statements) => statements.All(
        (statement) => statement is ThrowStatement or EmptyStatement || statement is ExpressionStatement { Expression: var value } && IsReport(value));

    /// <summary>True for a handler that prints, and ends the process.</summary>
    public static bool EndsProcess(Expression handler) => handler switch
    {
        MemberExpression member => IsMemberOf(member, "process"),
        ArrowFunctionExpression { Body: Expression value } => IsOfProcess(value),
        IFunction { Body: BlockStatement block } => Is(block.Body)
            && block.Body.Any((statement) => statement is ExpressionStatement { Expression: var value } && IsOfProcess(value)),
        _ => false,
    };

    private static bool IsOfProcess(Expression value) => value switch
    {
        CallExpression { Callee: MemberExpression member } => IsMemberOf(member, "process"),
        AssignmentExpression { Left: MemberExpression member } => IsMemberOf(member, "process"),
        _ => false,
    };

    /// <summary>True for a call of the console.</summary>
    public static bool IsPrint(Expression value) => value is CallExpression { Callee: MemberExpression member } && IsMemberOf(member, "console");

    private static bool IsReport(Expression value) => IsPrint(value) || IsOfProcess(value);

    private static bool IsMemberOf(MemberExpression member, string name) =>
        member is { IsComputed: false, Object: Identifier { Name: var owner } } && owner == name;
}
