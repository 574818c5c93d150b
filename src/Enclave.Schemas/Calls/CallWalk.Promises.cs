using System.Collections.Frozen;
using Enclave.Guard.Rules;
using Enclave.Guard.Transforms;
using Enclave.JavaScript.Ast;

namespace Enclave.Schemas.Calls;

/// <content>
/// Promises that are lost. A run ends with the value of its script: work that is not awaited by then does not happen. Methods of arrays take the promise of an
/// async function for its value.
/// </content>
internal sealed partial class CallWalk
{
    private const string Loop = "Write for (const x of list) { … await … }, or await Promise.all(list.map(async (x) => …)).";

    // Methods that call a function and do not wait for it.
    private static readonly FrozenDictionary<string, (string Text, string Hint)> s_callbacks = new Dictionary<string, (string, string)>(StringComparer.Ordinal)
    {
        ["forEach"] = ("forEach does not wait for its async function", Loop),
        ["filter"] = Always("filter", "then list.filter((x, i) => found[i])"),
        ["find"] = Always("find", "then list.find((x, i) => found[i])"),
        ["findIndex"] = Always("findIndex", "then found.indexOf(true)"),
        ["findLast"] = Always("findLast", "then list.findLast((x, i) => found[i])"),
        ["some"] = Always("some", "then found.some(Boolean)"),
        ["every"] = Always("every", "then found.every(Boolean)"),
        ["sort"] = Sorted("sort"),
        ["toSorted"] = Sorted("toSorted"),
        ["flatMap"] = ("flatMap gets promises from its async function, not lists", "Write (await Promise.all(list.map(async (x) => …))).flat()."),
        ["replace"] = ("replace does not wait for its async function", "Await what it needs first, then replace."),
        ["replaceAll"] = ("replaceAll does not wait for its async function", "Await what it needs first, then replaceAll."),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Globals that give promises, with what to write.
    private static readonly FrozenDictionary<string, string> s_promises = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["fetch"] = "Write const response = await fetch(url), then const data = await response.json().",
        [RunGlobals.Store] = "Write await store('key', value): without await nothing is kept.",
        [RunGlobals.Load] = "Write const value = await load('key').",
        [RunGlobals.Sleep] = "Write await in front of it.",
        [RunGlobals.WaitUntil] = "Write await in front of it.",
        [RunGlobals.WaitFor] = "Write await in front of it.",
        ["Promise.all"] = "Write await before it: const [a, b] = await Promise.all([…]).",
        ["parallel"] = "Write await before it: const all = await parallel([…], (item) => …).",
        ["crypto.subtle"] = "Write await before it: const digest = await crypto.subtle.digest('SHA-256', bytes).",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static (string Text, string Hint) Always(string method, string then) => (
        $"{method} does not wait for its async function, and a promise always counts as true",
        $"First const found = await Promise.all(list.map(async (x) => …)), {then}.");

    private static (string Text, string Hint) Sorted(string method) => (
        $"{method} does not wait for its async function", $"First await Promise.all(list.map(async (x) => …)) for what to compare, then {method} that list.");

    /// <summary>The promise of a global, or of a function of the script.</summary>
    private static AnswerShape PromiseOf(string source, AnswerShape? inner = null) => AnswerShape.PromiseOf(source, inner, isOfTool: false);

    /// <summary>The promise that a call of a global gives; null for other calls.</summary>
    private AnswerShape? CallPromise(CallExpression node)
    {
        string? source = node.Callee switch
        {
            Identifier { Name: var name } global when s_promises.ContainsKey(name) && _names.IsFree(global) => name,
            MemberExpression { Object: MemberExpression { Object: Identifier { Name: "crypto" } root } inner }
                when NameOf(inner) == "subtle" && _names.IsFree(root) => "crypto.subtle",
            _ => null,
        };
        if (source is null) return null;
        foreach (Expression argument in node.Arguments) EvalSettled(argument);
        return PromiseOf(source);
    }

    /// <summary>Names that a function declares stand before its text: calls may come first.</summary>
    private void BindHoisted(Program program)
    {
        foreach (Statement statement in program.Body)
        {
            if (statement is FunctionDeclaration { Id: { } name, IsAsync: true, IsGenerator: false }) Bind(name, AnswerShape.FunctionOf(PromiseOf(name.Name)));
        }
    }

    /// <summary>Reports an async function that a method calls without waiting for it.</summary>
    private void CheckCallback(CallExpression node, string method)
    {
        if (node.Arguments is not [.., _]) return;
        Expression callback = node.Arguments[method is "replace" or "replaceAll" ? ^1 : 0];
        if (callback is not IFunction { IsAsync: true, IsGenerator: false } function) return;
        if (method is "reduce" or "reduceRight")
        {
            if (function.Params is [Identifier sum, ..] && !AwaitOf.IsIn((Node)function, sum.Name))
            {
                AddLost(callback, $"{method} gives its async function a promise in place of the value so far",
                    $"Write (await {sum.Name}) + …, or a for … of loop with await.");
            }
        }
        else if (s_callbacks.TryGetValue(method, out (string Text, string Hint) known) && (method != "forEach" || _executors == 0))
        {
            AddLost(callback, known.Text, known.Hint);
        }
    }

    /// <summary>Reports an argument of Promise.all that is no list, and calls where parallel expects functions.</summary>
    private bool CheckList(CallExpression node, string function)
    {
        switch (node.Arguments)
        {
            case [CallExpression { Callee: MemberExpression called }, ..] when NameOf(called) == "forEach":
                AddLost(node.Arguments[0], "forEach gives nothing to wait for", $"Write map: await {function}(list.map((x) => …)).");
                return true;
            case [ObjectExpression]:
                AddLost(node.Arguments[0], $"{function} takes a list, not an object", $"Write const [a, b] = await {function}([…, …]).");
                return true;
            case [CallExpression, CallExpression, ..]:
                AddLost(node.Arguments[0], $"{function} takes one list", function == "parallel"
                    ? "Write await parallel([() => callTool(…), () => callTool(…)]), or await Promise.all([callTool(…), callTool(…)])."
                    : $"Write await {function}([…, …]), with brackets around the calls.");
                return true;
            default:
                return false;
        }
    }

    /// <summary>Reports statements at the top level whose work is lost: a return without its value, or a timer after which the script ends.</summary>
    private void CheckStatements(Program program)
    {
        for (int i = 0; i < program.Body.Length; i++)
        {
            if (program.Body[i] is ReturnStatement { Argument: null } alone && i + 1 < program.Body.Length
                && program.Body[i + 1] is BlockStatement or ExpressionStatement && program.Body[i + 1].Start - alone.End < 80)
            {
                Add(new CallFinding(ToolCallRules.Answers, ToolCallRules.LostValue, alone,
                    "return stands alone on its line: the script ends there without a value",
                    "Write return and its value on one line: return { … };"));
            }

            if (program.Body[i] is ExpressionStatement { Expression: CallExpression timer } && _values.IsGlobal(timer.Callee, "setTimeout")
                && timer.Arguments is [IFunction, ..] && EndsAfter(program, i))
            {
                AddLost(timer, "The script ends before this timer runs", "Write await new Promise((done) => setTimeout(done, 1000)), and the work behind it.");
            }
        }
    }

    /// <summary>True if no later statement waits: there is none, or only a return of a plain value.</summary>
    private static bool EndsAfter(Program program, int statement) =>
        program.Body.Skip(statement + 1).All((next) => next is ReturnStatement { Argument: not (CallExpression or NewExpression) } && !TopLevelAwait.In(next));

    private void AddLost(Node place, string text, string hint) => Add(new CallFinding(ToolCallRules.Answers, ToolCallRules.MissingAwait, place, text, hint));

    private void ReportPromise(AnswerShape shape, Node place, bool list = false)
    {
        if (list)
        {
            AddLost(place, shape.IsOfTool ? $"This is a list of promises of {shape.Tool}: their answers are not there yet"
                : "This is a list of promises: their values are not there yet", "Write await Promise.all(…) around the list, or parallel([…], (item) => …).");
        }
        else if (shape.IsOfTool)
        {
            AddLost(place, $"This is a promise: the answer of {shape.Tool} is not there yet",
                place is CallExpression { Callee: Identifier { Name: not "callTool" and var own } } ? $"Write await {own}(…)."
                : $"Write await before it: const answer = await callTool('{shape.Tool}', {{ … }}).");
        }
        else if (s_promises.TryGetValue(shape.Tool, out string? hint))
        {
            AddLost(place, $"{shape.Tool} gives a promise: its value is not there yet", hint);
        }
        else if (place is CallExpression { Callee: MemberExpression chained } && NameOf(chained) is "then")
        {
            AddLost(place, "Nothing waits for this promise, so what then does comes too late", "Write const answer = await …, and the work behind it.");
        }
        else
        {
            AddLost(place, $"{shape.Tool} is async: its call gives a promise, not the value", $"Write await {shape.Tool}(…).");
        }
    }

    /// <summary>
    /// Visits a condition. A script may test whether a variable holds a promise of its own functions. A call of an async function as a condition is always
    /// true, so it is reported.
    /// </summary>
    private void EvalCondition(Expression expression)
    {
        AnswerShape? shape = Eval(expression);
        if (shape is { Kind: ShapeKind.Promise } && (shape.IsOfTool || expression is CallExpression)) ReportPromise(shape, expression);
    }

    /// <summary>Looks for an await of a name.</summary>
    private sealed class AwaitOf(string name) : AstVisitor
    {
        private bool _isFound;

        public static bool IsIn(Node node, string name)
        {
            var search = new AwaitOf(name);
            search.Visit(node);
            return search._isFound;
        }

        protected override void VisitAwaitExpression(AwaitExpression node)
        {
            _isFound |= node.Argument is Identifier { Name: var awaited } && awaited == name;
            base.VisitAwaitExpression(node);
        }
    }
}
