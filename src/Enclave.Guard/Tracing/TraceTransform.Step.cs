using System.Collections.Immutable;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;

namespace Enclave.Guard.Tracing;

/// <summary>The code of one statement's steps.</summary>
internal sealed partial class TraceTransform
{
    /// <summary>The function, or the program, whose statements are traced.</summary>
    private sealed class Body(string name)
    {
        private readonly List<string> _counters = [];

        public string Name => name;

        /// <summary>The statement that the walk is in; null between statements.</summary>
        public Step? Step { get; set; }

        /// <summary>The tests that led to the statement, the outermost first.</summary>
        public Stack<Expression> Tests { get; } = [];

        /// <summary>Adds a variable of the trace, which begins with 0.</summary>
        public string Add(string counter)
        {
            _counters.Add(counter);
            return counter;
        }

        /// <summary>The variables of the trace in this function.</summary>
        public VariableDeclaration Variables(Node at) => TraceCode.Declare(
            at, VariableKind.Let, [.. _counters.Prepend(TraceNames.AtStep).Prepend(TraceNames.At)
                .Select((name) => (name, (Expression?)TraceCode.Number(at, 0)))]);
    }

    private sealed class Step
    {
        private const int MaxParts = 24;
        private const int MaxTests = 4;

        private readonly TraceTransform _owner;
        private readonly Node _at;
        private readonly int _end;
        private readonly ReadPlan _before;
        private readonly ReadPlan _after;
        private readonly List<(int Start, int End)> _parts = [];

        public Step(TraceTransform owner, Node at, int end)
        {
            (_owner, _at, _end) = (owner, at, end);
            Id = ++owner._count;
            _before = new ReadPlan(owner._scopes, at.Start, at.End);
            // After the statement, and in the rounds of a loop, its own variables have their values.
            _after = new ReadPlan(owner._scopes, at.End, at.End);
        }

        public int Id { get; }

        public bool WantsParts => _owner._window.Statement == Id && _parts.Count < MaxParts;

        public TracedStatement Traced => new(Id, _at.Start, _end, _owner._body.Name, _before.Names, _after.Names, [.. _parts])
        {
            IsBranch = _at is IfStatement,
            IsLoop = IsLoop,
        };

        private string Number => TraceNames.Step + Id;

        private bool IsLoop => _at is ForStatement or ForInStatement or ForOfStatement or WhileStatement or DoWhileStatement;

        /// <summary>Plans the values that are read before the statement.</summary>
        public void Read(Statement statement)
        {
            var reads = new ReadCollector(_before);
            foreach (Node? own in Own(statement).Where((own) => own is not null)) reads.Visit(own!);
            if (statement is not ThrowStatement) return;
            // The reason of a throw is in the tests of the statements around it, so their values are read too.
            Scope scope = _owner._scopes.ScopeAt(statement.Start);
            var tests = new ReadCollector(_before, scope);
            foreach (Expression test in _owner._body.Tests.Take(MaxTests)) tests.Visit(test);
        }

        public void ReadExpression(Expression body) => new ReadCollector(_before).Visit(body);

        public void AddBefore(ImmutableArray<Statement>.Builder list)
        {
            Count(list);
            list.Add(Report("step", _before, TraceCode.Text(_at, "s"), TraceCode.Number(_at, Id), TraceCode.Name(_at, Number)));
            if (!IsLoop) return;
            list.Add(TraceCode.Statement(TraceCode.Set(_at, _owner._body.Add(TraceNames.Rounds + Id), TraceCode.Number(_at, 0))));
        }

        /// <summary>Reports the values that the statement assigned.</summary>
        public void AddAfter(ImmutableArray<Statement>.Builder list, Statement statement)
        {
            if (statement is not (VariableDeclaration or ExpressionStatement)) return;
            new WriteCollector(_after).Visit(statement);
            if (_after.IsEmpty) return;
            Expression isFirst = TraceCode.Binary(
                _at, TraceCode.Name(_at, Number), BinaryOperator.GreaterOrEqual, TraceCode.Name(_at, TraceNames.First));
            list.Add(Report(
                "step", _after, TraceCode.And(_at, isFirst, TraceCode.Call(_at, "isSeen", TraceCode.Name(_at, Number))),
                TraceCode.Text(_at, "a"), TraceCode.Number(_at, Id), TraceCode.Name(_at, Number)));
        }

        /// <summary>The body of the loop, which reports each round. A block of its own, because the body may hide a name of the head.</summary>
        public BlockStatement Round(Statement body, Node? head, Expression? test)
        {
            if (head is not null) new WriteCollector(_after).AddTargets(head, declares: false);
            if (test is not null) new ReadCollector(_after).Visit(test);
            var list = ImmutableArray.CreateBuilder<Statement>();
            Count(list);
            string rounds = TraceNames.Rounds + Id;
            list.Add(TraceCode.Statement(TraceCode.Increment(_at, rounds)));
            list.Add(Report("round", _after, TraceCode.Number(_at, Id), TraceCode.Name(_at, Number), TraceCode.Name(_at, rounds)));
            _owner._body.Step = null;
            list.Add(_owner.Single(body));
            _owner._body.Step = this;
            return new BlockStatement(body.Start, body.End, list.ToImmutable());
        }

        public CallExpression Branch(Expression test) => TraceCode.Call(_at, "branch", TraceCode.Name(_at, Number), test);

        /// <summary>The expression, which reports its value if the parts of this statement are asked for.</summary>
        public Expression Part(Expression part, Expression rewritten)
        {
            if (!WantsParts) return rewritten;
            _parts.Add((part.Start, part.End));
            return new CallExpression(
                part.Start, part.Start, new MemberExpression(part.Start, part.Start, TraceCode.Name(part, TraceNames.Functions),
                    TraceCode.Name(part, "part"), false, false),
                [TraceCode.Name(part, Number), TraceCode.Number(part, _parts.Count - 1), rewritten], false);
        }

        private void Count(ImmutableArray<Statement>.Builder list)
        {
            list.Add(TraceCode.Declare(_at, VariableKind.Const, (Number, TraceCode.Increment(_at, TraceNames.Steps))));
            list.Add(TraceCode.Statement(TraceCode.Set(_at, TraceNames.At, TraceCode.Number(_at, Id))));
            list.Add(TraceCode.Statement(TraceCode.Set(_at, TraceNames.AtStep, TraceCode.Name(_at, Number))));
        }

        private IfStatement Report(string function, ReadPlan plan, params ImmutableArray<Expression> arguments)
        {
            Expression step = TraceCode.Name(_at, Number);
            Expression isNext = TraceCode.Binary(_at, step, BinaryOperator.GreaterOrEqual, TraceCode.Name(_at, TraceNames.Next));
            return Report(function, plan, TraceCode.And(_at, isNext, TraceCode.Call(_at, "isReported", step)), arguments);
        }

        private IfStatement Report(string function, ReadPlan plan, LogicalExpression when, params ImmutableArray<Expression> arguments)
        {
            (ImmutableArray<Statement> before, Expression roots, Expression parts) = plan.Code(_at);
            return TraceCode.If(_at, when, TraceCode.Block(
                _at, [.. before, TraceCode.Statement(TraceCode.Call(_at, function, [.. arguments, roots, parts]))]));
        }

        private static IEnumerable<Node?> Own(Statement statement) => statement switch
        {
            IfStatement choice => [choice.Test],
            ForStatement loop => [loop.Init, loop.Test],
            ForInStatement loop => [loop.Right],
            ForOfStatement loop => [loop.Right],
            WhileStatement loop => [loop.Test],
            DoWhileStatement => [],
            SwitchStatement choice => [choice.Discriminant],
            _ => [statement],
        };
    }
}
