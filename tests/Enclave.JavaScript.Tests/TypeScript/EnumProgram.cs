using System.Text;

namespace Enclave.JavaScript.Tests.TypeScript;

/// <summary>Makes programs with enums and parameter properties that the compiler accepts without an error, the same ones for a seed.</summary>
internal sealed class EnumProgram
{
    private readonly Random _random;
    private readonly StringBuilder _text = new();

    // Members that a later initialiser may name, with what they are.
    private readonly List<(string Enum, string Name, MemberValue Value)> _known = [];
    private int _names;

    private EnumProgram(int seed) => _random = new Random(seed);

    private enum MemberValue
    {
        Number,
        Text,
        Computed,
    }

    public static string Of(int seed)
    {
        var program = new EnumProgram(seed);
        program._text.Append("const base = 3, label = 'q', half = base / 2;\n");
        int count = program._random.Next(1, 4);
        for (int i = 0; i < count; i++) program.Write();
        program.WriteClass();
        return program._text.ToString();
    }

    private void Write()
    {
        string name = $"E{_names++}";
        int outside = _known.Count;
        string place = _random.Next(7) switch
        {
            0 => "{ $ }\n",
            1 => "(() => { $ })();\n",
            2 => "function f" + name + "() { $ } f" + name + "(); f" + name + "();\n",
            3 => "for (let i = 0; i < 2; i++) { $ }\n",
            4 => "switch (1) { case 1: $ }\n",
            _ => "",
        };
        // Constant and other enums do not merge.
        string word = _random.Next(5) == 0 ? "const enum" : "enum";
        string body = $"{word} {Declared(name)} log({name});";
        if (_random.Next(4) == 0) body += $" {word} {Declared(name)} log({name}, {name}[{_random.Next(3)}]);";
        if (place.Length == 0)
        {
            _text.Append(body).Append('\n');
            return;
        }

        _text.Append(place.Replace("$", body, StringComparison.Ordinal));
        _known.RemoveRange(outside, _known.Count - outside);
    }

    private string Declared(string name)
    {
        var members = new List<string>();
        int first = _known.Count, count = _random.Next(0, 7);
        bool needsValue = _known.Exists((member) => member.Enum == name);
        for (int i = 0; i < count; i++)
        {
            (string text, MemberValue value) = needsValue || _random.Next(3) > 0 ? Value(name, first) : ("", MemberValue.Number);
            string member = $"m{_names++}";
            string key = _random.Next(8) switch { 0 => $"'{member}'", 1 => $"['{member}']", _ => member };
            members.Add(text.Length == 0 ? key : $"{key} = {text}");
            _known.Add((name, member, value));
            needsValue = value != MemberValue.Number;
        }

        return $"{name} {{ {string.Join(", ", members)}{(count > 0 && _random.Next(2) == 0 ? "," : "")} }}";
    }

    private (string Text, MemberValue Value) Value(string name, int first)
    {
        (string text, MemberValue kind) = Combined(name, first);
        // The checker refuses a text that only the run shows, and the output depends on what else names it. So nothing computes with it.
        return kind == MemberValue.Text && text.Contains("t()", StringComparison.Ordinal) ? (text, MemberValue.Computed) : (text, kind);
    }

    private (string Text, MemberValue Value) Combined(string name, int first)
    {
        (string left, MemberValue kind) = Operand(name, first);
        if (kind == MemberValue.Text) return _random.Next(3) switch
        {
            0 => ($"{left} + 'z'", kind),
            1 => ($"`<${{{left}}}>`", kind),
            _ => (left, kind),
        };
        if (kind == MemberValue.Computed || _random.Next(2) == 0) return (left, kind);
        (string right, MemberValue other) = Operand(name, first);
        if (other == MemberValue.Computed && right is not "next()") return (right, other);
        if (other == MemberValue.Text) return ($"({left}) + {right}", MemberValue.Text);
        string sign = "+ - * | & ^ << >> >>> % /".Split(' ')[_random.Next(11)];
        return ($"({left}) {sign} ({right})", other);
    }

    private (string Text, MemberValue Value) Operand(string name, int first)
    {
        int at = _random.Next(_known.Count + 1);
        // What a member of an earlier declaration of the same enum is to the compiler depends on what its checker looked at first.
        if (at < _known.Count && (at >= first || _known[at].Enum != name))
        {
            (string owner, string member, MemberValue value) = _known[at];
            bool isBare = at >= first && _random.Next(2) == 0;
            string text = isBare ? member : _random.Next(3) == 0 ? $"{owner}['{member}']" : $"{owner}.{member}";
            return isBare && value != MemberValue.Computed ? Inside(text, value) : (text, value);
        }

        return _random.Next(16) switch
        {
            0 => ("next()", MemberValue.Computed),
            1 => ("text().length", MemberValue.Computed),
            2 => ("'a'", MemberValue.Text),
            3 => ("`b`", MemberValue.Text),
            4 => ("'c' + text()", MemberValue.Text),
            5 => ("`${next()}d`", MemberValue.Text),
            6 => ("base", MemberValue.Number),
            7 => ("label", MemberValue.Text),
            8 => ("half", MemberValue.Number),
            9 => ("-0", MemberValue.Number),
            10 => ("1 / 0", MemberValue.Number),
            11 => ("2 ** 10", MemberValue.Number),
            12 => ("next() as any", MemberValue.Computed),
            13 => ("('e' as any)", MemberValue.Computed),
            14 => ("~base", MemberValue.Number),
            _ => ($"{_random.Next(-3, 1000)}", MemberValue.Number),
        };
    }

    /// <summary>An earlier member by its bare name, perhaps within a function or an object of the initialiser.</summary>
    private (string Text, MemberValue Value) Inside(string name, MemberValue value) => _random.Next(6) switch
    {
        0 => ($"(() => {name})()", MemberValue.Computed),
        1 => ($"(({name}: number) => {name} + 1)(4)", MemberValue.Computed),
        2 => ($"[{{ v: {name} }}].map((each) => each.v)[0] as any", MemberValue.Computed),
        3 => ($"(function () {{ const {name} = 5; return {name}; }})()", MemberValue.Computed),
        _ => (name, value),
    };

    private void WriteClass()
    {
        string[] modifiers = ["private ", "public ", "protected ", "readonly ", "private readonly ", ""];
        var parameters = new List<string>();
        for (int i = _random.Next(0, 4); i > 0; i--)
            parameters.Add($"{modifiers[_random.Next(modifiers.Length)]}p{i}{(_random.Next(3) == 0 ? $" = {i}" : "?: number")}");
        bool isDerived = _random.Next(2) == 0;
        if (isDerived) _text.Append("class Base { constructor(public b: number) { log('base', this); } }\n");
        _text.Append($"class C{(isDerived ? " extends Base" : "")} {{ first = next(); constructor({string.Join(", ", parameters)}) {{ 'a directive'; ")
            .Append(isDerived ? "log('before'); super(next()); " : "").Append("log(this); } last = this.first; }\nlog(new C(7));\n");
    }
}
