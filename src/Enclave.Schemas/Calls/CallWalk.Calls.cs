using System.Collections.Frozen;
using Enclave.Guard.Rules;
using Enclave.JavaScript.Ast;
using Enclave.Schemas.Checks;

namespace Enclave.Schemas.Calls;

/// <content>Calls and functions.</content>
internal sealed partial class CallWalk
{
    private const int MaxParameters = 3;

    /// <summary>Globals whose functions take data.</summary>
    private static readonly FrozenSet<string> s_readers = FrozenSet.Create(
        StringComparer.Ordinal, "console", "JSON", "Math", "Number", "String", "Boolean", "parseInt", "parseFloat", "isNaN", "isFinite", "Object", "Array",
        "structuredClone");

    protected override void VisitCallExpression(CallExpression node)
    {
        if (_values.IsGlobal(node.Callee, "callTool")) _shape = CallTool(node);
        else if (_values.IsGlobal(node.Callee, "parallel")) _shape = Parallel(node);
        else if (CallPromise(node) is { } promise) _shape = promise;
        else if (node.Callee is MemberExpression method && NameOf(method) is { } name) _shape = CallMethod(node, method, name);
        else _shape = CallFunction(node);
    }

    protected override void VisitArrowFunctionExpression(ArrowFunctionExpression node) => VisitFunction(node);

    protected override void VisitFunctionExpression(FunctionExpression node) => VisitFunction(node);

    protected override void VisitFunctionDeclaration(FunctionDeclaration node)
    {
        VisitFunction(node);
        if (_shape is not null && node.Id is not null) Bind(node.Id, _shape);
    }

    private void VisitFunction(IFunction node)
    {
        (List<AnswerShape?>? outer, Node? settled, string? naming) = (_returned, _settled, _naming);
        (_returned, _settled, _naming) = ([], null, null);
        if (node is ArrowFunctionExpression { Body: BlockStatement { Body: [LabeledStatement { Body: ExpressionStatement } label] } }) ReportLabel(label);
        _functions++;
        VisitList(node.Params);
        if (node.Body is Expression expression) _returned.Add(Eval(expression));
        else Visit(node.Body);
        _functions--;
        AnswerShape? value = _returned.FirstOrDefault();
        if (value is not null && !_returned.TrueForAll((other) => other is not null && other.IsSame(value))) value = null;
        (_returned, _settled, _naming) = (outer, settled, naming);
        if (node.IsAsync && value is { IsOfTool: true }) value = AnswerShape.PromiseOf(value.Tool, AnswerShape.Awaited(value));
        else if (node.IsAsync) value = PromiseOf(node.Id?.Name ?? _naming ?? "this function", AnswerShape.Awaited(value));
        _shape = value is null || node.IsGenerator ? null : AnswerShape.FunctionOf(value);
    }

    private AnswerShape? CallTool(CallExpression node)
    {
        bool isDirect = ReferenceEquals(_settled, node);
        string? name = node.Arguments is [var first, ..] && _texts.TryGet(first, out string? text) ? text : null;
        ICalledTool? tool = name is null ? null : _tools(name);
        if (tool is not null)
        {
            foreach (ArgumentFault fault in _arguments.Find(tool, node))
            {
                Add(new CallFinding(ToolCallRules.Arguments, ToolCallRules.BadArguments, fault.Place,
                    $"The arguments of {tool.Name} do not fit: {fault.Text}", fault.Hint)
                {
                    IsSure = fault.IsSure && _tries == 0,
                    IsDirect = isDirect,
                });
            }
        }
        else if (name is not null)
        {
            ReportUnknown(name, node.Arguments[0], isDirect);
        }

        foreach (Expression argument in node.Arguments)
        {
            if (argument is not ObjectExpression members)
            {
                EvalSettled(argument);
                continue;
            }

            // A promise in the arguments is not data, as in the program's result.
            (Node? outer, _settled) = (_settled, members);
            Eval(members);
            _settled = outer;
        }

        if (name is null) return null;
        return AnswerShape.PromiseOf(name, tool?.AnswerSchema is { } answer ? AnswerShape.ValueOf(name, answer) : null);
    }

    private void ReportUnknown(string name, Expression place, bool isDirect)
    {
        if (_findings.Count == MaxFindings || _whyNot(name, _budget.Hints) is not { } why) return;
        Add(new CallFinding(ToolCallRules.Names, ToolCallRules.UnknownTool, place, why, ToolCallRules.Names.Hint)
        {
            IsSure = _tries == 0,
            IsDirect = isDirect,
        });
    }

    /// <summary>parallel(items, callback) and parallel([function, …]).</summary>
    private AnswerShape? Parallel(CallExpression node)
    {
        if (CheckList(node, "parallel"))
        {
            VisitList(node.Arguments);
            return PromiseOf("parallel");
        }

        AnswerShape? items = node.Arguments is [var all, ..] ? EvalSettled(all) : null;
        for (int i = 2; i < node.Arguments.Length; i++) Eval(node.Arguments[i]);
        AnswerShape? list;
        if (node.Arguments is [_, IFunction callback, ..])
        {
            AnswerShape? answer = Callback(callback, [items?.Item(_budget)]);
            list = AnswerShape.Awaited(answer) is { } each ? AnswerShape.ListOf(each) : null;
            return PromiseOf("parallel", list);
        }

        if (node.Arguments is [_, var second, ..]) Eval(second);
        if (items is { Kind: ShapeKind.Tuple })
        {
            list = AnswerShape.TupleOf([.. items.Parts.Select((part) => part is { Kind: ShapeKind.Function } ? AnswerShape.Awaited(part.Inner) : null)]);
            return PromiseOf("parallel", list);
        }

        return items is { Kind: ShapeKind.List, Inner: { Kind: ShapeKind.Function, Inner: var returned } }
            ? PromiseOf("parallel", AnswerShape.Awaited(returned) is { } one ? AnswerShape.ListOf(one) : null)
            : PromiseOf("parallel");
    }

    private AnswerShape? CallFunction(CallExpression node)
    {
        AnswerShape? function = Eval(node.Callee);
        bool reads = node.Callee is Identifier { Name: var name } callee && s_readers.Contains(name) && _names.IsFree(callee);
        foreach (Expression argument in node.Arguments)
        {
            if (reads) EvalSettled(argument);
            else Eval(argument);
        }

        return function is { Kind: ShapeKind.Function } ? function.Inner : null;
    }

    private AnswerShape? CallMethod(CallExpression node, MemberExpression method, string name)
    {
        _catches |= name is "catch" or "allSettled" or "any" or "race" || (name == "then" && node.Arguments.Length > 1);
        CheckCallback(node, name);
        if (method.Object is Identifier { Name: var global } owner && _names.IsFree(owner) && (global == "Promise" || s_readers.Contains(global)))
            return CallGlobal(node, global, name);
        if (method.IsOptional) _guarded = Unchained(method.Object);
        AnswerShape? target = Eval(method.Object);
        if (target is { Kind: ShapeKind.Promise } promise)
        {
            Member(promise, name, method.Property, Reading.Plain);
            if (name != "then" || node.Arguments is not [IFunction next])
            {
                VisitList(node.Arguments);
                return name == "finally" ? promise : null;
            }

            AnswerShape? value = Callback(next, [promise.Inner]);
            return value is null ? PromiseOf(promise.Tool)
                : AnswerShape.PromiseOf(value.Tool, AnswerShape.Awaited(value), value.IsOfTool);
        }

        if (target is not null && IsArray(target)) return CallArrayMethod(node, target, name);
        if (target is not null) Member(target, name, method.Property, node.IsOptional ? Reading.Guarded : Reading.Plain);
        // A value with a method map counts as an array, even if its items are unknown.
        if (target is null && name == "map" && node.Arguments is [IFunction each, ..])
            return Callback(each, []) is { } item ? AnswerShape.ListOf(item) : null;
        VisitList(node.Arguments);
        return null;
    }

    private AnswerShape? CallGlobal(CallExpression node, string global, string name)
    {
        if (global == "Promise")
        {
            bool isWrong = name is "all" or "allSettled" or "any" or "race" && CheckList(node, $"Promise.{name}");
            AnswerShape? all = node.Arguments is [var list] && !isWrong ? EvalSettled(list) : null;
            if (node.Arguments.Length > 1 || isWrong) VisitList(node.Arguments);
            if (name != "all") return null;
            return PromiseOf("Promise.all", all?.Kind switch
            {
                ShapeKind.Tuple => AnswerShape.TupleOf([.. all.Parts.Select(AnswerShape.Awaited)]),
                ShapeKind.List => AnswerShape.Awaited(all.Inner) is { } item ? AnswerShape.ListOf(item) : null,
                _ => null,
            });
        }

        bool isFirst = true;
        AnswerShape? items = null;
        foreach (Expression argument in node.Arguments)
        {
            if (items is not null && name == "groupBy" && argument is IFunction keyOf)
            {
                Callback(keyOf, [items.Item(_budget)]);
                continue;
            }

            AnswerShape? shape = EvalSettled(argument);
            if (isFirst) items = shape;
            if (isFirst && global == "JSON" && name == "parse" && shape is { Kind: ShapeKind.Value or ShapeKind.List }) ReportParsed(shape, argument);
            if (isFirst && global == "Object" && name is "assign" or "defineProperty") NoteWritten(node);
            isFirst = false;
        }

        if (global == "Array" && name == "isArray" && node.Arguments is [var asked]) Forget(asked);
        return null;
    }

    /// <summary>Object.assign writes the members of its other arguments.</summary>
    private void NoteWritten(CallExpression node)
    {
        foreach (Expression source in node.Arguments.Skip(1))
        {
            if (source is StringLiteral name) _written.Add(name.Value);
            if (source is not ObjectExpression members) continue;
            foreach (Node member in members.Properties)
            {
                if (member is Property property && ShownValues.NameOf(property) is { } written) _written.Add(written);
            }
        }
    }

    private void ReportParsed(AnswerShape shape, Expression place)
    {
        bool mayBeText = shape.Kind == ShapeKind.Value && (SchemaReading.Types(shape.Schema!, _budget) & SchemaType.String) != 0;
        // A script that catches the failure knows that it may be no text.
        if (mayBeText || _tries > 0) return;
        Add(new CallFinding(ToolCallRules.Answers, ToolCallRules.ParsedAnswer, place, $"The answer of {shape.Tool} is data already, and no JSON text",
            "Leave JSON.parse out and use the answer itself."));
    }

    private bool IsArray(AnswerShape shape) => shape.Kind is ShapeKind.List or ShapeKind.Tuple
        || (shape.Kind == ShapeKind.Value && (SchemaReading.Types(shape.Schema!, _budget) & ~SchemaType.Null) == SchemaType.Array);

    private AnswerShape? CallArrayMethod(CallExpression node, AnswerShape target, string name)
    {
        AnswerShape? item = target.Item(_budget);
        AnswerShape?[] given = name switch
        {
            "map" or "filter" or "forEach" or "find" or "findLast" or "findIndex" or "findLastIndex" or "some" or "every" or "flatMap" => [item],
            "sort" or "toSorted" => [item, item],
            "reduce" or "reduceRight" => [null, item],
            _ => [],
        };
        AnswerShape? returned = null;
        for (int i = 0; i < node.Arguments.Length; i++)
        {
            if (i == 0 && given.Length > 0 && node.Arguments[0] is IFunction callback) returned = Callback(callback, given);
            else Eval(node.Arguments[i]);
        }

        if (target.Kind == ShapeKind.Value && given.Length == 0) Member(target, name, ((MemberExpression)node.Callee).Property, Reading.Plain);
        return name switch
        {
            "filter" or "slice" or "sort" or "toSorted" or "reverse" or "toReversed" => item is null ? null : AnswerShape.ListOf(item),
            "find" or "findLast" or "at" or "pop" or "shift" => item,
            "map" => returned is null ? null : AnswerShape.ListOf(returned),
            "flatMap" => returned?.Item(_budget) is { } inner ? AnswerShape.ListOf(inner) : null,
            _ => null,
        };
    }

    /// <summary>Visits a function whose parameters get these values. Returns the form of its result.</summary>
    private AnswerShape? Callback(IFunction function, ReadOnlySpan<AnswerShape?> given)
    {
        for (int i = 0; i < Math.Min(Math.Min(given.Length, MaxParameters), function.Params.Length); i++) Bind(function.Params[i], given[i]);
        return Eval((Expression)function) is { Kind: ShapeKind.Function } known ? known.Inner : null;
    }
}
