using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Answers;

/// <content>Values that a program gives otherwise than by a return: exports, and the last expression.</content>
internal sealed partial class ProgramForm
{
    /// <summary>The functions of several that a program exports for its start.</summary>
    private static readonly string[] s_starts = ["main", "run", "handler", "execute"];

    private Statement[]? _exports;

    /// <summary>The last statement that is not a function declaration, because functions exist before they are declared. -1 if there is none.</summary>
    private int LastThatRuns => Array.FindLastIndex(_statements, (statement) => Declared(statement) is not FunctionDeclaration);

    /// <summary>True for statements that mean nothing here: <c>export {}</c>, <c>if (typeof module !== 'undefined') module.exports = …</c>.</summary>
    private static bool IsIdle(Statement statement) => statement is EmptyStatement or ExpressionStatement { Directive: not null }
        or ExportNamedDeclaration { Declaration: null, Source: null, Specifiers.IsEmpty: true } || IsIdleExport(statement);

    private static bool IsIdleExport(Statement statement) =>
        statement is IfStatement { Alternate: null } test && AsksForModule(test.Test) && OnlyExports(test.Consequent);

    private static bool AsksForModule(Expression test) => test switch
    {
        LogicalExpression { Left: var left } => AsksForModule(left),
        BinaryExpression { Left: var left } => AsksForModule(left),
        UnaryExpression { Operator: UnaryOperator.TypeOf, Argument: Identifier { Name: "module" or "exports" } } => true,
        _ => false,
    };

    private static bool OnlyExports(Statement body) =>
        body is BlockStatement block ? block.Body.All(OnlyExports) : body is EmptyStatement || ExportIn(body) is not null;

    private static AssignmentExpression? ExportIn(Statement statement) =>
        statement is ExpressionStatement { Expression: AssignmentExpression { Operator: AssignmentOperator.Assign, Left: MemberExpression target } given }
        && EntryPoint.IsExport(target)
            ? given
            : null;

    private (Statement Statement, AssignmentExpression Given)[] CommonJsExports()
    {
        if (!_scopes.Free.Any((use) => use.Identifier.Name is "module" or "exports")) return [];
        return [.. from statement in _statements let given = ExportIn(statement) where given is not null select (statement, given)];
    }

    /// <summary>A program that exports its value, and returns nothing. Null if it exports none.</summary>
    private ExtractedProgram? OfExportedValue()
    {
        if (LastThatRuns is not (>= 0 and var at)) return null;
        Statement last = _statements[at];
        if (last is ExportDefaultDeclaration { Declaration: Expression value }) return Returned(last, value);
        (Statement Statement, AssignmentExpression Given)[] assigned = CommonJsExports();
        if (assigned.Length > 0) return OfCommonJs(assigned, last);
        string[] names = [.. ExportedNames()];
        // A value that the last statement gives goes first.
        bool gives = last is ReturnStatement || (last is ExpressionStatement { Expression: var expression } && !FailureReport.IsPrint(expression));
        if (names.Length == 0 || gives) return null;
        _edits.Append(names is [var one] ? $"return {one[(one.IndexOf(' ', StringComparison.Ordinal) + 1)..]};" : $"return {{ {string.Join(", ", names)} }};");
        return Edited();
    }

    private ExtractedProgram? OfCommonJs((Statement Statement, AssignmentExpression Given)[] assigned, Statement last)
    {
        if (assigned is [var (only, given)] && only == last)
        {
            string[] functions = [.. FunctionsIn(given.Right)];
            if (functions.Length == 0) return Returned(last, given.Right);
            if (s_starts.FirstOrDefault(functions.Contains) is not { } name) return null;
            _start = last;
            return OfDeclaration(FunctionOf(name)!.Value, last);
        }

        if (ExportIn(last) is null || assigned.Any((export) => export.Given.Right is IFunction or Identifier || FunctionsIn(export.Given.Right).Any()))
            return null;
        _edits.Append("return module.exports;");
        return Edited();
    }

    /// <summary>The program's functions that are members of an object.</summary>
    private IEnumerable<string> FunctionsIn(Expression value)
    {
        if (value is not ObjectExpression all) yield break;
        foreach (Node member in all.Properties)
        {
            if (member is Property { Value: Identifier { Name: var name } } && FunctionOf(name) is not null) yield return name;
        }
    }

    private ExtractedProgram Returned(Statement last, Expression value)
    {
        _start = last;
        _edits.Replace(last.Start, value.Start, "return (");
        _edits.Replace(value.End, last.End, ");");
        return Edited();
    }

    /// <summary>The values that are exported by name, as members of an object.</summary>
    private IEnumerable<string> ExportedNames()
    {
        foreach (Statement statement in _statements)
        {
            if (statement is not ExportNamedDeclaration { Source: null } export) continue;
            if (export.Declaration is VariableDeclaration variables)
            {
                foreach (VariableDeclarator variable in variables.Declarations)
                {
                    if (variable is { Id: Identifier { Name: var name }, Init: not IFunction }) yield return name;
                }
            }

            foreach (ExportSpecifier specifier in export.Specifiers)
            {
                if (specifier is not { Local: Identifier { Name: var local }, Exported: Identifier { Name: var seen } }) continue;
                if (FunctionOf(local) is null) yield return local == seen ? local : $"{seen}: {local}";
            }
        }
    }

    /// <summary>True for a name in a statement that only exports it.</summary>
    private bool IsExported(Identifier identifier)
    {
        _exports ??= [.. _all.Where((statement) =>
            statement is ExportNamedDeclaration { Declaration: null } || ExportIn(statement) is not null || IsIdleExport(statement))];
        // Find the last export that begins before the name.
        (int low, int high) = (0, _exports.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_exports[middle].Start <= identifier.Start) low = middle + 1;
            else high = middle;
        }

        return low > 0 && IsWithin(identifier, _exports[low - 1]);
    }

    /// <summary>A program whose value is not at the end of its text: functions follow the value, or it is in a branch.</summary>
    private ExtractedProgram OfLastValue()
    {
        if (LastThatRuns is >= 0 and var at)
        {
            if (_statements[at] is BlockStatement { Body: [var only] } block && IsMember(only))
            {
                _edits.Replace(block.Start, block.Start, "return (");
                _edits.Replace(block.End, block.End, ")");
            }
            else if (_statements[at] is not ExpressionStatement) ReturnTails(_statements[at], isInner: false);
            else if (at < _statements.Length - 1) _edits.Replace(_statements[at].Start, _statements[at].Start, "return ");
        }

        return Edited();
    }

    /// <summary>True for the content of a last block that is an object: <c>{ total, count }</c>, <c>{ total: 3 }</c>.</summary>
    private bool IsMember(Statement only) => _text[only.End - 1] != ';' && only switch
    {
        ExpressionStatement { Expression: Identifier } => true,
        ExpressionStatement { Expression: SequenceExpression all } => all.Expressions.All((part) => part is Identifier),
        LabeledStatement { Body: ExpressionStatement } => true,
        _ => false,
    };

    /// <summary>Returns the values that end the branches. An expression that only computes has no other use there.</summary>
    private void ReturnTails(Statement statement, bool isInner)
    {
        switch (statement)
        {
            case BlockStatement { Body: [.., var last] }:
                ReturnTails(last, isInner: true);
                break;
            case IfStatement branch:
                ReturnTails(branch.Consequent, isInner: true);
                if (branch.Alternate is not null) ReturnTails(branch.Alternate, isInner: true);
                break;
            case TryStatement attempt:
                ReturnTails(attempt.Block, isInner: true);
                if (attempt.Handler is not null) ReturnTails(attempt.Handler.Body, isInner: true);
                break;
            case ExpressionStatement { Expression: var value } when isInner && !Effects.In(value):
                _edits.Replace(statement.Start, statement.Start, "return ");
                break;
        }
    }

    /// <summary>Looks for parts of an expression that do something.</summary>
    private sealed class Effects : AstVisitor
    {
        private bool _found;

        public static bool In(Expression value)
        {
            var visitor = new Effects();
            visitor.Visit(value);
            return visitor._found;
        }

        protected override void VisitCallExpression(CallExpression node) => _found = true;

        protected override void VisitNewExpression(NewExpression node) => _found = true;

        protected override void VisitAwaitExpression(AwaitExpression node) => _found = true;

        protected override void VisitAssignmentExpression(AssignmentExpression node) => _found = true;

        protected override void VisitUpdateExpression(UpdateExpression node) => _found = true;

        protected override void VisitTaggedTemplateExpression(TaggedTemplateExpression node) => _found = true;

        protected override void VisitImportExpression(ImportExpression node) => _found = true;

        protected override void VisitUnaryExpression(UnaryExpression node)
        {
            if (node.Operator is UnaryOperator.Delete or UnaryOperator.Void) _found = true;
            else base.VisitUnaryExpression(node);
        }
    }
}
