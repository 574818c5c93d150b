using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Scopes;

/// <summary>Walks a tree and reports its declarations and references to a <see cref="ScopeBuilder"/>.</summary>
/// <remarks>The visitor's methods put children on a work list instead of recursing, so depth costs no stack.</remarks>
internal sealed partial class ScopeWalk(ScopeBuilder builder, WorkMeter? meter) : AstVisitor
{
    private Work[] _work = new Work[64];
    private int _count;

    private enum Task : byte
    {
        /// <summary>Visit the node.</summary>
        Visit,

        /// <summary>Assign to the target.</summary>
        Assign,

        /// <summary>Declare the names that the node binds.</summary>
        Declare,

        /// <summary>Declare the names that the node binds, which get their values there.</summary>
        Initialize,

        /// <summary>Enter the part of the node with its own scope.</summary>
        Inner,

        /// <summary>Declare the function that is a clause of an if, in a scope of its own.</summary>
        Clause,

        /// <summary>Leave the scope.</summary>
        Exit,
    }

    public void Run(Program program)
    {
        if (program.Goal == SourceGoal.Module) builder.Enter(ScopeKind.Module, program);
        builder.Current.IsStrict = program.Goal == SourceGoal.Module || IsStrict(program.Body);
        Push(Task.Visit, program);
        while (_count > 0)
        {
            meter?.Step();
            Work work = _work[--_count];
            int floor = _count;
            Do(work);
            // The first child that was added is visited first.
            _work.AsSpan(floor.._count).Reverse();
        }

        while (builder.Current.Parent is not null) builder.Exit();
    }

    public override void Visit(Node node) => Push(Task.Visit, node);

    private static bool IsStrict(ImmutableArray<Statement> body)
    {
        foreach (Statement statement in body)
        {
            if (statement is not ExpressionStatement { Directive: { } directive }) return false;
            if (directive == "use strict") return true;
        }

        return false;
    }

    private void Do(Work work)
    {
        switch (work.Task)
        {
            case Task.Visit: base.Visit(work.Node!); break;
            case Task.Exit: builder.Exit(); break;
            case Task.Inner: GoInto(work.Node!); break;
            case Task.Clause: DeclareClause((FunctionDeclaration)work.Node!); break;
            default: Bind(work); break;
        }
    }

    private void Push(Task task, Node? node = null, BindingKind kind = BindingKind.Var)
    {
        if (_count == _work.Length) Array.Resize(ref _work, _count * 2);
        _work[_count++] = new Work(task, kind, node);
    }

    /// <summary>A binding or an assignment target: an identifier, a pattern, or a part of one.</summary>
    private void Bind(Work work)
    {
        switch (work.Node)
        {
            case Identifier identifier:
                if (work.Task != Task.Assign) builder.Declare(identifier, work.Kind);
                if (work.Task == Task.Assign) builder.Refer(identifier, ReferenceUse.Write);
                if (work.Task == Task.Initialize) builder.Refer(identifier, ReferenceUse.Write | ReferenceUse.Declarator);
                break;
            case ObjectPattern pattern:
                foreach (Node property in pattern.Properties) Push(work.Task, property, work.Kind);
                break;
            case ArrayPattern pattern:
                foreach (Node? element in pattern.Elements)
                {
                    if (element is not null) Push(work.Task, element, work.Kind);
                }

                break;
            case Property property:
                if (property.IsComputed) PushPatternExpression(property.Key, work.Kind);
                Push(work.Task, property.Value, work.Kind);
                break;
            case AssignmentPattern pattern:
                Push(work.Task, pattern.Left, work.Kind);
                PushPatternExpression(pattern.Right, work.Kind);
                break;
            case RestElement rest:
                Push(work.Task, rest.Argument, work.Kind);
                break;
            default:
                Visit(work.Node!);
                break;
        }
    }

    private void PushPatternExpression(Expression expression, BindingKind kind)
    {
        if (kind == BindingKind.Parameter) builder.Current.HasParameterExpressions = true;
        Visit(expression);
    }

    private void GoInto(Node node)
    {
        switch (node)
        {
            case IFunction function:
                GoIntoBody(function);
                break;
            case SwitchStatement statement:
                int start = statement.Cases[0].Start;
                builder.Enter(ScopeKind.Switch, statement, start, statement.End);
                VisitList(statement.Cases);
                Push(Task.Exit);
                break;
            case WithStatement statement:
                builder.Enter(ScopeKind.With, statement, statement.Body.Start, statement.End);
                Visit(statement.Body);
                Push(Task.Exit);
                break;
            case PropertyDefinition { Value: { } value } field:
                builder.Enter(ScopeKind.ClassField, field, value.Start, field.End);
                Visit(value);
                Push(Task.Exit);
                break;
        }
    }

    private void GoIntoBody(IFunction function)
    {
        if (function.Body is not BlockStatement body)
        {
            Visit(function.Body);
            return;
        }

        // 10.2.11, step 28: closures in the parameters must not see the variables of the body.
        bool isSeparate = builder.Current.HasParameterExpressions;
        if (isSeparate) builder.Enter(ScopeKind.FunctionBody, body);
        VisitList(body.Body);
        if (isSeparate) Push(Task.Exit);
    }

    private void DeclareClause(FunctionDeclaration function)
    {
        builder.Enter(ScopeKind.Block, function);
        VisitFunctionDeclaration(function);
        Push(Task.Exit);
    }

    private readonly record struct Work(Task Task, BindingKind Kind, Node? Node);
}
