using System.Runtime.CompilerServices;
using Enclave.Guard.Rules;
using Enclave.JavaScript.Text;
using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Schemas.Checks;

/// <summary>Checks one value against a compiled schema, and names the first place that does not fit.</summary>
/// <remarks>
/// Each place looks at each part of the value at most once, as long as there is room to remember the answers; the meter bounds the work beyond.
/// While it tries forms of which only some must fit, it makes no text.
/// </remarks>
internal sealed partial class SchemaCheck
{
    private const int ShownNames = 8, MaxRemembered = 100_000;

    private static readonly SchemaNode s_anything = new();

    private readonly WorkMeter _meter;
    private readonly ValueEquality _equality;
    private readonly ValuePath _path = new();
    private readonly Dictionary<Question, bool> _answers = [];
    private int _quiet;
    private string? _difference;

    private SchemaCheck(WorkMeter meter) => (_meter, _equality) = (meter, new ValueEquality(meter));

    private bool IsQuiet => _quiet > 0;

    /// <summary>The first place that does not fit, and the expected form; null if the value fits.</summary>
    /// <exception cref="CheckLimitException">The check cannot be completed within its bounds.</exception>
    /// <exception cref="WorkLimitException">The check took too much CPU time.</exception>
    /// <exception cref="OperationCanceledException">The caller no longer waits.</exception>
    public static string? FirstDifference(SchemaNode schema, ScriptValue value, WorkMeter meter)
    {
        meter.CheckLimits();
        var check = new SchemaCheck(meter);
        return check.Fits(schema, value) ? null : check._difference;
    }

    // The recursion is as deep as the value times the places that hold for one value, which the compilation bounds.
    private bool Fits(SchemaNode node, ScriptValue value)
    {
        _meter.Step();
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw new CheckLimitException("they are nested too deep for their schema");
        if (!node.Remembers(value)) return Look(node, value);
        var question = new Question(node, value);
        // Compare again after a remembered difference, to get its text. This happens once, because a difference with a text ends the check.
        if (_answers.TryGetValue(question, out bool answer) && (answer || IsQuiet)) return answer;
        answer = Look(node, value);
        if (_answers.Count < MaxRemembered) _answers[question] = answer;
        return answer;
    }

    private bool Look(SchemaNode node, ScriptValue value)
    {
        if (node.IsNever) return IsQuiet ? false : Differs($"{_path} is {Kind(value)}, which must be left out");
        if (value.Kind == ScriptValueKind.Number && !double.IsFinite(value.AsDouble()))
            return IsQuiet ? false : Differs($"{_path} is {value}: JSON knows no such number");
        if (!FitsSameValue(node, value)) return false;
        SchemaType type = SchemaTypes.Of(value);
        if (node.Choices is not null && !IsChoice(node, value, type))
            return IsQuiet ? false : Differs($"{_path} is {value}; expected one of {node.ChoiceText}");
        if (node.Only is not null && !_equality.Equals(node.Only, value)) return IsQuiet ? false : Differs($"{_path} is {value}; expected {node.OnlyText}");
        if ((node.Types & type) == 0) return IsQuiet ? false : Differs($"{_path} is {Kind(value)}; expected {node.Expected()}");
        return type switch
        {
            SchemaType.Integer or SchemaType.Number => FitsNumber(node, value),
            SchemaType.String => FitsText(node, value),
            SchemaType.Array => FitsItems(node, value) && FitsRestOfItems(node, value),
            SchemaType.Object => FitsMembers(node, value) && FitsRestOfMembers(node, value),
            _ => true,
        };
    }

    private bool FitsSameValue(SchemaNode node, ScriptValue value)
    {
        foreach (SchemaNode part in node.All)
        {
            if (!Fits(part, value)) return false;
        }

        if (node.Any.Length > 0 && !FitsAny(node.Any, value))
            return IsQuiet ? false : Differs($"{_path} is {Kind(value)}, which is none of the forms it may have");
        if (node.One.Length > 0 && CountFits(node.One, value) is not 1 and var fits)
        {
            return IsQuiet ? false : Differs(fits == 0
                ? $"{_path} is {Kind(value)}, which is none of the forms it may have"
                : $"{_path} is {Kind(value)}, which fits {fits} of the forms of which it must fit one");
        }

        if (node.Not is not null && FitsQuietly(node.Not, value))
            return IsQuiet ? false : Differs($"{_path} is {Kind(value)}, which is a form it must not have");
        if (node.If is null) return true;
        return (FitsQuietly(node.If, value) ? node.Then : node.Else) is not { } follows || Fits(follows, value);
    }

    private bool FitsQuietly(SchemaNode node, ScriptValue value)
    {
        _quiet++;
        bool fits = Fits(node, value);
        _quiet--;
        return fits;
    }

    private bool FitsAny(SchemaNode[] forms, ScriptValue value)
    {
        foreach (SchemaNode form in forms)
        {
            if (FitsQuietly(form, value)) return true;
        }

        return false;
    }

    private int CountFits(SchemaNode[] forms, ScriptValue value)
    {
        int count = 0;
        foreach (SchemaNode form in forms)
        {
            if (FitsQuietly(form, value)) count++;
        }

        return count;
    }

    private bool IsChoice(SchemaNode node, ScriptValue value, SchemaType type)
    {
        // Choices are short. A list or an object of a script may be long, and is not hashed as a whole.
        if (type is SchemaType.Array or SchemaType.Object) return node.Choices!.Any((choice) => _equality.Equals(choice, value));
        return node.Choices!.Contains(value);
    }

    private bool FitsNumber(SchemaNode node, ScriptValue value)
    {
        foreach (SchemaBound bound in node.Bounds)
        {
            if (!bound.Fits(value)) return IsQuiet ? false : Differs($"{_path} is {value}; expected {bound.Expected}");
        }

        return true;
    }

    private bool FitsText(SchemaNode node, ScriptValue value)
    {
        if (node.Characters is null && node.Pattern is null) return true;
        string text = SchemaTypes.Text(value);
        if (node.Characters is { } counts && Characters(text) is var count && !counts.Fits(count))
            return IsQuiet ? false : Differs($"{_path} is {value}; expected {counts.Expected(count)} characters");
        if (node.Pattern is null) return true;
        return node.Pattern.IsIn(text, _meter) || (IsQuiet ? false : Differs($"{_path} is {value}; expected text like {node.Pattern.Text}"));
    }

    private bool FitsItems(SchemaNode node, ScriptValue value)
    {
        if (node.ItemCount is { } counts && !counts.Fits(value.Count))
            return IsQuiet ? false : Differs($"{_path} has {value.Count} items; expected {counts.Expected(value.Count)}");
        for (int i = 0; i < value.Count; i++)
        {
            SchemaNode? item = i < node.FirstItems.Length ? node.FirstItems[i] : node.Items;
            if (item is null && value[i].Kind != ScriptValueKind.Number) continue;
            _path.Enter(i);
            if (!Fits(item ?? s_anything, value[i])) return Left(false);
            Left(true);
        }

        if (node.HasUniqueItems && !IsUnique(value)) return false;
        if (node.Contained is null) return true;
        int contained = 0;
        foreach (ScriptValue item in value.Items)
        {
            if (FitsQuietly(node.Contained, item)) contained++;
        }

        return node.ContainedCount!.Fits(contained) || (IsQuiet ? false
            : Differs($"{_path} has {contained} items of the form of which it must have {node.ContainedCount.Expected(contained)}"));
    }

    private bool IsUnique(ScriptValue value)
    {
        var seen = new Dictionary<ScriptValue, int>(_equality);
        for (int i = 0; i < value.Count; i++)
        {
            if (seen.TryAdd(value[i], i)) continue;
            return IsQuiet ? false : Differs($"{_path} has equal items, at {seen[value[i]]} and {i}");
        }

        return true;
    }

    private bool FitsMembers(SchemaNode node, ScriptValue value)
    {
        foreach (string name in node.Required)
        {
            if (value[name].Kind == ScriptValueKind.Undefined) return IsQuiet ? false : Differs($"{At(name)} is missing; expected {Expected(node, name)}");
        }

        if (node.MemberCount is { } counts && SchemaTypes.Members(value) is var count && !counts.Fits(count))
            return IsQuiet ? false : Differs($"{_path} has {count} members; expected {counts.Expected(count)}");
        foreach ((string name, string[] needed) in node.NeededBeside)
        {
            if (value[name].Kind == ScriptValueKind.Undefined) continue;
            foreach (string beside in needed)
            {
                if (value[beside].Kind == ScriptValueKind.Undefined)
                    return IsQuiet ? false : Differs($"{At(beside)} is missing beside {name}; expected {Expected(node, beside)}");
            }
        }

        foreach ((string name, SchemaNode schema) in node.HeldBeside)
        {
            if (value[name].Kind != ScriptValueKind.Undefined && !Fits(schema, value)) return false;
        }

        foreach ((string key, ScriptValue member) in value.Properties)
        {
            if (member.Kind != ScriptValueKind.Undefined && !FitsMember(node, key, member)) return false;
        }

        return true;
    }

    private bool FitsMember(SchemaNode node, string key, ScriptValue member)
    {
        _meter.Step();
        if (node.Names is not null && !FitsQuietly(node.Names, ScriptValue.OfString(key)))
            return IsQuiet ? false : Differs($"{At(key)} is not a name that it may have");
        bool isKnown = false;
        if (node.Members?.TryGetValue(key, out SchemaNode? own) == true)
        {
            isKnown = true;
            if (!Step(key, own, member)) return false;
        }

        foreach ((SchemaPattern name, SchemaNode schema) in node.NamedMembers)
        {
            if (!name.IsIn(key, _meter)) continue;
            isKnown = true;
            if (!Step(key, schema, member)) return false;
        }

        if (isKnown || node.OtherMembers is null) return true;
        if (!node.OtherMembers.IsNever) return Step(key, node.OtherMembers, member);
        return IsQuiet ? false : Differs($"{At(key)} is not known{Hint(node, key)}");
    }

    private static string Hint(SchemaNode node, string key)
    {
        string[] names = [.. node.Members?.Keys ?? Enumerable.Empty<string>()];
        return NameHints.Nearest(key, names) is { } near
            ? $"; did you mean {near}?"
            : names.Length == 0 ? "" : $"; expected {string.Join(", ", names.Take(ShownNames))}";
    }

    private bool Step(string key, SchemaNode schema, ScriptValue value)
    {
        _path.Enter(key);
        return Left(Fits(schema, value));
    }

    private bool Left(bool fits)
    {
        _path.Leave();
        return fits;
    }

    private bool Differs(string text)
    {
        _difference = text;
        return false;
    }

    private static string Expected(SchemaNode node, string name) =>
        node.Members is { } members && members.TryGetValue(name, out SchemaNode? member) ? member.Expected() : "a value";

    private string At(string key)
    {
        _path.Enter(key);
        string text = _path.ToString();
        _path.Leave();
        return text;
    }

    /// <summary>Code points, as JSON Schema counts them.</summary>
    private static int Characters(string text)
    {
        int count = text.Length;
        for (int i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i])) count--;
        }

        return count;
    }

    private static string Kind(ScriptValue value) => value.Kind switch
    {
        ScriptValueKind.Object or ScriptValueKind.Array => $"an {value.Kind.ToString().ToLowerInvariant()}",
        ScriptValueKind.Date or ScriptValueKind.Bytes => value.Kind.ToString().ToLowerInvariant(),
        _ => value.ToString(),
    };

    /// <summary>A place and a value, by identity.</summary>
    private readonly record struct Question(SchemaNode Node, ScriptValue Value)
    {
        public bool Equals(Question other) => ReferenceEquals(Node, other.Node) && ReferenceEquals(Value, other.Value);

        public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(Node), RuntimeHelpers.GetHashCode(Value));
    }
}
