using System.Collections.Immutable;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;
using Enclave.JavaScript.Text;

namespace Enclave.Guard.Tracing;

// A traced program reports its steps to trace.js. Each statement of a list gets code before it:
//
//     const __ag_t_q7 = __ag_t_s = __ag_t_s + 1 | 0;                                        counts the step
//     __ag_t_at = 7, __ag_t_as = __ag_t_q7;                                                 remembers where the function is
//     if (__ag_t_q7 >= __ag_t_p && __ag_t.isReported(__ag_t_q7)) { __ag_t.step("s", 7, __ag_t_q7, [a, i], [0, "b", 0, 2, 1, 0]); }
//
// and, if it assigns, code after it that reports the new values. Only the steps of a window are reported; for all others a comparison is all that happens.
// A function's body stands in a try statement whose catch clause says which statement the error left, and throws it again.
// Nothing is evaluated twice, no promise is added, and the script's expressions keep their order. So the program does the same. Messages
// of V8 quote the text of callees, so a callee stays as it was written, except in the one statement that is shown with its parts (TraceWindow.Statement).

/// <summary>Makes a program report its steps, and the values of the names that they read and assign.</summary>
internal sealed partial class TraceTransform : AstRewriter
{
    private readonly ScopeTree _scopes;
    private readonly TraceWindow _window;
    private readonly WorkMeter? _meter;
    private readonly List<TracedStatement> _statements = [];
    private Body _body = new("");

    private TraceTransform(ScopeTree scopes, TraceWindow window, WorkMeter? meter) => (_scopes, _window, _meter) = (scopes, window, meter);

    /// <summary>The traced program and its statements; null for a program that declares a global that the trace needs.</summary>
    public static (Program Program, ImmutableArray<TracedStatement> Statements)? Transform(
        Program program, ScopeTree scopes, TraceWindow window, WorkMeter? meter = null)
    {
        if (DeclaredInBody.Variables(program.Body).Overlaps(TraceNames.Needed) || !DeclaredInBody.FitsInBlock(program.Body)) return null;
        var transform = new TraceTransform(scopes, window, meter);
        var traced = (Program)transform.Rewrite(program);
        return (traced, [.. transform._statements.OrderBy((statement) => statement.Id)]);
    }

    public override Node Rewrite(Node node)
    {
        _meter?.Step();
        return base.Rewrite(node);
    }

    protected override Node VisitProgram(Program node)
    {
        ImmutableArray<Statement> body = node.Body;
        // The value of a program is that of its last expression statement (ProgramTransform), which will no longer stand last.
        if (body is [.., ExpressionStatement last]) body = body.SetItem(body.Length - 1, new ReturnStatement(last.Start, last.End, last.Expression));
        ImmutableArray<Statement> traced = Statements(body);
        BlockStatement end = TraceCode.Block(node, TraceCode.Statement(TraceCode.Call(node, "end", TraceCode.Name(node, TraceNames.Steps))));
        return new Program(node.Start, node.End, [_body.Variables(node), TraceCode.Watched(node, traced, end)], node.Goal);
    }

    protected override Node VisitBlockStatement(BlockStatement node) => new BlockStatement(node.Start, node.End, Statements(node.Body));

    protected override Node VisitStaticBlock(StaticBlock node) => new StaticBlock(node.Start, node.End, Statements(node.Body));

    protected override Node VisitSwitchCase(SwitchCase node) =>
        new SwitchCase(node.Start, node.End, Statements(node.Consequent), node.Test is null ? null : Rewrite<Expression>(node.Test));

    private ImmutableArray<Statement> Statements(ImmutableArray<Statement> list)
    {
        var traced = ImmutableArray.CreateBuilder<Statement>(list.Length * 4);
        foreach (Statement statement in list) AddTraced(traced, statement);
        return traced.ToImmutable();
    }

    /// <summary>A statement that is no list's: the body of an if, or of a loop.</summary>
    private BlockStatement Single(Statement statement)
    {
        if (statement is BlockStatement block) return Rewrite<BlockStatement>(block);
        return new BlockStatement(statement.Start, statement.End, Statements([statement]));
    }

    private void AddTraced(ImmutableArray<Statement>.Builder list, Statement statement)
    {
        Statement inner = statement;
        while (inner is LabeledStatement label) inner = label.Body;
        // A program is a script: it has no imports and exports.
        if (inner is EmptyStatement or BlockStatement or FunctionDeclaration or TryStatement or ExpressionStatement { Directive: not null })
        {
            list.Add(Rewrite<Statement>(statement));
            return;
        }

        var step = new Step(this, inner, HeadEnd(inner));
        step.Read(inner);
        step.AddBefore(list);
        Step? outer = _body.Step;
        _body.Step = step;
        list.Add(Rewrite<Statement>(statement));
        _body.Step = outer;
        step.AddAfter(list, inner);
        _statements.Add(step.Traced);
    }

    /// <summary>The end of the part that is the statement's own.</summary>
    private static int HeadEnd(Statement statement) => statement switch
    {
        IfStatement choice => choice.Consequent.Start,
        ForStatement loop => loop.Body.Start,
        ForInStatement loop => loop.Body.Start,
        ForOfStatement loop => loop.Body.Start,
        WhileStatement loop => loop.Body.Start,
        SwitchStatement choice => choice.Discriminant.End,
        ClassDeclaration made => made.Body.Start,
        _ => statement.End,
    };
}
