using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Answers;

/// <summary>How a statement at the top level starts or exports a function.</summary>
/// <param name="Function">The function, if the statement contains it.</param>
/// <param name="Name">The function's name, if the statement names it.</param>
/// <param name="Use">The use that the statement makes of the function.</param>
/// <param name="Call">The call; null if there is none.</param>
internal sealed record EntryPoint(IFunction? Function, Identifier? Name, EntryUse Use, CallExpression? Call = null)
{
    /// <summary>Reads how a statement uses a function. Null if it does something else.</summary>
    public static EntryPoint? Of(Statement statement) => statement switch
    {
        ExportDefaultDeclaration { Declaration: IFunction function } => new(function, null, EntryUse.Exports),
        ExportDefaultDeclaration { Declaration: Identifier name } => new(null, name, EntryUse.Exports),
        ExportDefaultDeclaration { Declaration: Expression value } when OfCall(value, EntryUse.Calls) is { } call => call,
        ExportNamedDeclaration { Declaration: null, Source: null, Specifiers: [{ Local: Identifier name }] } => new(null, name, EntryUse.Exports),
        ReturnStatement { Argument: { } value } => OfValue(value),
        ExpressionStatement { Expression: var value } => OfValue(value),
        IfStatement { Test: var test, Consequent: var body, Alternate: null } when AsksForMain(test) => OfMain(body),
        TryStatement attempt when OfTry(attempt) is { } entry => entry,
        _ => null,
    };

    private static EntryPoint? OfValue(Expression value) => value switch
    {
        IFunction function => new(function, null, EntryUse.Stands),
        AssignmentExpression { Operator: AssignmentOperator.Assign, Left: MemberExpression target, Right: var given } when IsExport(target) => OfExport(given),
        UnaryExpression { Operator: UnaryOperator.Void, Argument: var call } => OfCall(call, EntryUse.CallsAside),
        _ => OfCall(value, EntryUse.Calls),
    };

    private static EntryPoint? OfExport(Expression given) => given switch
    {
        IFunction function => new(function, null, EntryUse.Exports),
        Identifier name => new(null, name, EntryUse.Exports),
        ObjectExpression { Properties: [Property { IsComputed: false, PropertyKind: PropertyKind.Init, Value: IFunction function }] } =>
            new(function, null, EntryUse.Exports),
        ObjectExpression { Properties: [Property { IsComputed: false, Value: Identifier name }] } => new(null, name, EntryUse.Exports),
        _ => null,
    };

    private static EntryPoint? OfMain(Statement body)
    {
        Statement? only = body is BlockStatement block ? block.Body is [var one] ? one : null : body;
        return only is not null && Of(only) is { Call: not null } entry ? entry with { Use = EntryUse.CallsAside } : null;
    }

    /// <summary>Reads <c>try { await main(); process.exit(0); } catch (error) { console.error(error); process.exit(1); }</c>.</summary>
    private static EntryPoint? OfTry(TryStatement attempt)
    {
        bool isEnding = attempt is { Block.Body: [ExpressionStatement, .. var rest], Handler.Body: var failure }
            && FailureReport.Is(rest) && FailureReport.Is(failure.Body) && (attempt.Finalizer is null || FailureReport.Is(attempt.Finalizer.Body));
        return isEnding && Of(attempt.Block.Body[0]) is { Call: not null } entry ? entry with { Use = EntryUse.CallsAside } : null;
    }

    private static EntryPoint? OfCall(Expression value, EntryUse use)
    {
        if (value is AwaitExpression { Argument: var awaited }) value = awaited;
        // Handlers that print the failure or end the process. They can be left out: a failure ends the run with a better report, and the process ends with the
        // run.
        if (value is CallExpression
            {
                Callee: MemberExpression { IsComputed: false, Property: Identifier { Name: var step }, Object: CallExpression inner },
                Arguments: var handlers,
            })
        {
            bool isEnding = step switch
            {
                "catch" => handlers is [var handler] && FailureReport.Is(handler),
                "finally" => handlers is [var handler] && FailureReport.EndsProcess(handler),
                "then" => handlers is [var done, ..] && FailureReport.EndsProcess(done) && handlers.Skip(1).All(FailureReport.Is),
                _ => false,
            };
            return isEnding ? OfCall(inner, EntryUse.CallsAside) : null;
        }

        return value switch
        {
            CallExpression { Callee: IFunction function } call => new(function, null, use, call),
            CallExpression { Callee: Identifier name } call => new(null, name, use, call),
            _ => null,
        };
    }

    internal static bool IsExport(MemberExpression target) => target switch
    {
        { Object: Identifier { Name: "module" }, Property: Identifier { Name: "exports" }, IsComputed: false } => true,
        { Object: Identifier { Name: "exports" }, IsComputed: false } => true,
        { Object: MemberExpression inner, IsComputed: false } => IsExport(inner),
        _ => false,
    };

    /// <summary>
    /// True for <c>require.main === module</c> and <c>import.meta.main</c>: they test whether the file was started directly, which is always true here.
    /// </summary>
    internal static bool AsksForMain(Expression test) => test switch
    {
        LogicalExpression { Operator: LogicalOperator.And, Left: var left, Right: var right } => AsksForMain(left) || AsksForMain(right),
        MemberExpression { Object: MetaProperty, Property: Identifier { Name: "main" } } => true,
        BinaryExpression
        {
            Left: MemberExpression { Object: Identifier { Name: "require" }, Property: Identifier { Name: "main" } },
            Right: Identifier { Name: "module" },
        } => true,
        BinaryExpression { Left: MemberExpression { Object: MetaProperty, Property: Identifier { Name: "url" } } } => true,
        _ => false,
    };
}

/// <summary>The ways in which a statement uses a function.</summary>
internal enum EntryUse
{
    /// <summary>Only declares it.</summary>
    Stands,

    /// <summary>Exports it.</summary>
    Exports,

    /// <summary>Calls it, and the call's result is the statement's value.</summary>
    Calls,

    /// <summary>Calls it, and drops its result or its failure.</summary>
    CallsAside,
}
