using Enclave.Guard.Rules;
using Enclave.JavaScript.Ast;
using Enclave.Protocol;
using Enclave.Schemas.Checks;

namespace Enclave.Schemas.Calls;

/// <summary>Compares the arguments in a call's text with the tool's schema. Values that the text does not show count as fitting.</summary>
/// <remarks>
/// A fault is sure only if the host refuses the call regardless of the rest of the script. Tools that are bound to a C# type are judged less strictly: their
/// binder accepts names of enums in another case, and null where the type does not declare it.
/// </remarks>
internal sealed class ArgumentCheck(ShownValues values, CheckBudget budget)
{
    private const int MaxFaults = 10, ShownNames = 8;

    /// <summary>The places of a call's arguments that do not fit.</summary>
    public List<ArgumentFault> Find(ICalledTool tool, CallExpression call)
    {
        var faults = new List<ArgumentFault>();
        if (call.Arguments.Any((argument) => argument is SpreadElement)) return faults;
        var side = new Side(tool.HeldSchema, tool.IsHeldToSchema);
        Expression? given = call.Arguments.Length > 1 && !values.IsUndefined(call.Arguments[1]) ? values.Behind(call.Arguments[1]) : null;
        if (given is null)
        {
            Missing(side, new HashSet<string>(), call, "$", faults);
        }
        else if ((values.TypesOf(given) & SchemaType.Object) == 0)
        {
            faults.Add(new ArgumentFault(given, "$ is not an object", "Give the arguments as one object: callTool('name', { … }).", IsSure: true));
        }
        else
        {
            Collect(side, given, "$", faults);
            // Rules for the value as a whole: choices of forms, numbers of members.
            if (faults.Count == 0 && side.IsExact && values.ValueOf(given) is { Kind: ScriptValueKind.Object } whole) Whole(side, whole, given, "$", faults);
        }

        return faults;
    }

    private void Collect(Side side, Expression expression, string path, List<ArgumentFault> faults)
    {
        budget.Step();
        if (faults.Count >= MaxFaults) return;
        Expression given = values.Behind(expression);
        bool isCompound = given is ArrayExpression or ObjectExpression;
        if (!isCompound && side.IsExact && values.ValueOf(given) is { } value)
        {
            Whole(side, value, expression, path, faults);
            return;
        }

        SchemaNode node = side.Schema;
        if (node.IsNever)
        {
            faults.Add(new ArgumentFault(expression, $"{path} must be left out", "Leave it out.", IsSure: !values.MayBeUndefined(given)));
            return;
        }

        SchemaType types = values.TypesOf(given);
        if ((node.Types & types) == 0)
        {
            bool isSure = side.IsExact || types != SchemaType.Null;
            faults.Add(new ArgumentFault(expression, $"{path} is {Kind(given)}; expected {node.Expected()}", Give(path, node), isSure));
            return;
        }

        if (!side.IsExact && node.Choices is { } choices && given is StringLiteral text && !IsChoice(choices, text.Value))
        {
            faults.Add(new ArgumentFault(expression, $"{path} is {Kind(given)}; expected {node.Expected()}", Give(path, node), IsSure: false));
            return;
        }

        foreach (SchemaNode part in node.All) Collect(side.At(part), given, path, faults);
        if (side.IsExact) CollectForms(side, given, path, faults);
        if (given is ObjectExpression members) Members(side, members, path, faults);
        else if (given is ArrayExpression array && node.FirstItems.Length == 0 && node.Items is { } items) Items(side.At(items), array, path, faults);
    }

    /// <summary>The host's own check of a value that the text shows as a whole.</summary>
    private void Whole(Side side, ScriptValue value, Expression place, string path, List<ArgumentFault> faults)
    {
        try
        {
            if (SchemaCheck.FirstDifference(side.Schema, AbsentNulls.Without(side.Schema, value, budget.Meter), budget.Meter) is not { } differs) return;
            faults.Add(new ArgumentFault(place, differs[0] == '$' ? path + differs[1..] : differs, Give(path, side.Schema), IsSure: true));
        }
        catch (CheckLimitException)
        {
            // The host says so when the call is made.
        }
    }

    /// <summary>Forms of which one must fit: a fault if every one has a sure fault.</summary>
    private void CollectForms(Side side, Expression given, string path, List<ArgumentFault> faults)
    {
        foreach (SchemaNode[] forms in (SchemaNode[][])[side.Schema.Any, side.Schema.One])
        {
            List<ArgumentFault>? only = null;
            int refused = 0;
            foreach (SchemaNode form in forms)
            {
                var inForm = new List<ArgumentFault>();
                Collect(side.At(form), given, path, inForm);
                if (!inForm.Exists((fault) => fault.IsSure)) break;
                refused++;
                if ((form.Types & values.TypesOf(given)) != 0) only = only is null ? inForm : [];
            }

            if (forms.Length == 0 || refused < forms.Length) continue;
            if (only is { Count: > 0 }) faults.AddRange(only);
            else faults.Add(new ArgumentFault(given, $"{path} is none of the forms it may have", "Look at the tool's declaration.", IsSure: true));
        }
    }

    private void Items(Side side, ArrayExpression array, string path, List<ArgumentFault> faults)
    {
        for (int i = 0; i < array.Elements.Length; i++)
        {
            // After a spread the index is unknown, and every item is checked against the same schema.
            if (array.Elements[i] is { } element and not SpreadElement) Collect(side, element, $"{path}[{i}]", faults);
        }
    }

    private void Members(Side side, ObjectExpression given, string path, List<ArgumentFault> faults)
    {
        if (given.Properties.Any(ShownValues.HasSpecialKey)) return;
        (HashSet<string> names, HashSet<string> leftOut) = (new(StringComparer.Ordinal), []);
        bool mayBeReplaced = false;
        // From the end: the last member of a name counts, and a spread may replace the members before it.
        for (int i = given.Properties.Length - 1; i >= 0; i--)
        {
            budget.Step();
            if (given.Properties[i] is not Property property || ShownValues.NameOf(property) is not { } name)
            {
                mayBeReplaced = true;
                continue;
            }

            if (!names.Add(name)) continue;
            bool isPlain = property is { PropertyKind: PropertyKind.Init, IsMethod: false } && property.Value is Expression;
            if (isPlain && (values.IsUndefined((Expression)property.Value) || IsAbsent(side.Schema, name, (Expression)property.Value))) leftOut.Add(name);
            else if (isPlain) Member(side, name, property, mayBeReplaced, path, faults);
        }

        names.ExceptWith(leftOut);
        if (!mayBeReplaced) Missing(side, names, given, path, faults);
    }

    /// <summary>True for null in place of an argument that may be left out: the host leaves it out.</summary>
    private bool IsAbsent(SchemaNode schema, string name, Expression value) =>
        schema.Members is not null && values.Behind(value) is NullLiteral && AbsentNulls.IsAbsent(schema, name, budget.Meter);

    private void Member(Side side, string name, Property property, bool mayBeReplaced, string path, List<ArgumentFault> faults)
    {
        SchemaNode node = side.Schema;
        var value = (Expression)property.Value;
        string at = $"{path}.{name}";
        if (node.Members?.TryGetValue(name, out SchemaNode? own) == true)
        {
            if (!mayBeReplaced) Collect(side.At(own), value, at, faults);
            return;
        }

        if (node.NamedMembers.Length > 0 || node.OtherMembers is not { } others) return;
        if (!others.IsNever)
        {
            if (!mayBeReplaced) Collect(side.At(others), value, at, faults);
            return;
        }

        string[] known = [.. node.Members?.Keys ?? Enumerable.Empty<string>()];
        string? near = NameHints.Nearest(name, known);
        string hint = near is not null ? $"Write {near}." : known.Length == 0 ? "Leave it out: there are no arguments."
            : $"Leave it out. The arguments are {string.Join(", ", known.Take(ShownNames))}.";
        faults.Add(new ArgumentFault(property.Key, $"{at} is not known", hint, IsSure: !mayBeReplaced && !values.MayBeUndefined(value)));
    }

    private void Missing(Side side, HashSet<string> names, Expression place, string path, List<ArgumentFault> faults)
    {
        foreach (string name in side.Schema.Required)
        {
            budget.Step();
            if (names.Contains(name) || faults.Count >= MaxFaults) continue;
            string expected = side.Schema.Members?.GetValueOrDefault(name)?.Expected() ?? "a value";
            faults.Add(new ArgumentFault(place, $"{path}.{name} is missing; expected {expected}", $"Add {name}: {expected}.", IsSure: true));
        }
    }

    /// <summary>The binder of C# types takes the names of an enum in any case, and several of a set.</summary>
    private static bool IsChoice(HashSet<ScriptValue> choices, string text) => text.Contains(',', StringComparison.Ordinal) || choices.Any((choice) =>
        choice.Kind == ScriptValueKind.String && choice.AsString().Equals(text.Trim(), StringComparison.OrdinalIgnoreCase));

    private static string Give(string path, SchemaNode node) => path == "$"
        ? "Give what the tool declares."
        : $"Give {path[2..]} as {node.Expected()}{BoundsOf(node)}.";

    private static string BoundsOf(SchemaNode node) =>
        node.Bounds.Length == 0 ? "" : $", {string.Join(" and ", node.Bounds.Select((bound) => bound.Expected))}";

    private string Kind(Expression given) => values.ValueOf(given) is { Depth: 0 } value ? value.ToString() : given switch
    {
        ArrayExpression => "an array",
        ObjectExpression => "an object",
        _ when values.TypesOf(given) == SchemaType.String => "a string",
        _ when values.TypesOf(given) == SchemaType.Boolean => "a boolean",
        _ => "a number",
    };

    /// <summary>A place of the schema, and if the schema alone decides.</summary>
    private readonly record struct Side(SchemaNode Schema, bool IsExact)
    {
        public Side At(SchemaNode part) => this with { Schema = part };
    }
}

/// <summary>A place of a call's arguments that does not fit.</summary>
/// <param name="Place">The place.</param>
/// <param name="Text">The difference, in the words of the host's check.</param>
/// <param name="Hint">What to write.</param>
/// <param name="IsSure">True if the host certainly refuses the call.</param>
internal sealed record ArgumentFault(Node Place, string Text, string Hint, bool IsSure);
