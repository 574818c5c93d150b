using System.Collections.Immutable;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Tracing;

/// <summary>Makes the nodes of a trace's own code. Each has the offset of the statement that it serves.</summary>
internal static class TraceCode
{
    public static Identifier Name(Node at, string name) => new(at.Start, at.Start, name);

    public static NumberLiteral Number(Node at, int value) => new(at.Start, at.Start, value);

    public static StringLiteral Text(Node at, string value) => new(at.Start, at.Start, value);

    public static ArrayExpression List(Node at, ImmutableArray<Expression?> items) => new(at.Start, at.Start, items);

    /// <summary>A call of a function of trace.js.</summary>
    public static CallExpression Call(Node at, string function, params ImmutableArray<Expression> arguments) => new(
        at.Start, at.Start, new MemberExpression(at.Start, at.Start, Name(at, TraceNames.Functions), Name(at, function), false, false), arguments, false);

    public static ExpressionStatement Statement(Expression expression) => new(expression.Start, expression.Start, expression, null);

    public static AssignmentExpression Set(Node at, string name, Expression value) =>
        new(at.Start, at.Start, AssignmentOperator.Assign, Name(at, name), value);

    public static BinaryExpression Binary(Node at, Expression left, BinaryOperator symbol, Expression right) => new(at.Start, at.Start, left, symbol, right);

    public static LogicalExpression And(Node at, Expression left, Expression right) => new(at.Start, at.Start, left, LogicalOperator.And, right);

    public static BlockStatement Block(Node at, params ImmutableArray<Statement> body) => new(at.Start, at.Start, body);

    public static IfStatement If(Node at, Expression test, BlockStatement body) => new(at.Start, at.Start, test, body, null);

    public static VariableDeclaration Declare(Node at, VariableKind kind, params ImmutableArray<(string Name, Expression? Value)> variables) => new(
        at.Start, at.Start, [.. variables.Select((one) => new VariableDeclarator(at.Start, at.Start, Name(at, one.Name), one.Value))], kind);

    /// <summary>The name plus one, kept within 32 bits.</summary>
    public static AssignmentExpression Increment(Node at, string name) => Set(
        at, name, Binary(at, Binary(at, Name(at, name), BinaryOperator.Add, Number(at, 1)), BinaryOperator.BitwiseOr, Number(at, 0)));

    /// <summary><c>let read; try { read = value; } catch { read = unset; }</c></summary>
    public static IEnumerable<Statement> ReadCarefully(Node at, string read, Expression value)
    {
        var unset = new MemberExpression(at.Start, at.Start, Name(at, TraceNames.Functions), Name(at, "unset"), false, false);
        yield return Declare(at, VariableKind.Let, (read, null));
        yield return new TryStatement(
            at.Start, at.Start, Block(at, Statement(Set(at, read, value))),
            new CatchClause(at.Start, at.Start, null, Block(at, Statement(Set(at, read, unset)))), null);
    }

    /// <summary><c>try { body } catch (error) { leave(statement, step, error); keep; throw error; } finally { after }</c></summary>
    public static TryStatement Watched(Node at, ImmutableArray<Statement> body, BlockStatement? after, params ReadOnlySpan<Statement> keep)
    {
        Expression error = Name(at, TraceNames.Error);
        BlockStatement left = Block(
            at,
            [
                Statement(Call(at, "leave", Name(at, TraceNames.At), Name(at, TraceNames.AtStep), error)), .. keep,
                new ThrowStatement(at.Start, at.Start, error),
            ]);
        return new TryStatement(at.Start, at.Start, Block(at, body), new CatchClause(at.Start, at.Start, Name(at, TraceNames.Error), left), after);
    }
}
