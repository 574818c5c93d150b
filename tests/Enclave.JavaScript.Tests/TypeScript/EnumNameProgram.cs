using System.Text;

namespace Enclave.JavaScript.Tests.TypeScript;

/// <summary>
/// Makes programs whose enums, members and constants share a few names, and whose values name them in every form: what a name means depends on the form. The
/// same programs for a seed. A value names only what stands before it.
/// </summary>
internal sealed class EnumNameProgram
{
    private static readonly string[] s_names = ["A", "B", "C", "D"];

    private readonly Random _random;
    private readonly StringBuilder _text = new();

    // The names that a value may use, and of each enum its members so far.
    private readonly List<string> _values = [];
    private readonly Dictionary<string, List<string>> _members = [];

    // Names that a scope has used cannot be declared in it later: such a value would name what does not stand before it.
    private HashSet<string> _used = [];
    private int _logged;

    private EnumNameProgram(int seed) => _random = new Random(seed);

    public static string Of(int seed)
    {
        var program = new EnumNameProgram(seed);
        program.WriteScope(program._random.Next(2, 5), 0, []);
        return program._text.ToString();
    }

    private string Name() => s_names[_random.Next(s_names.Length)];

    private void WriteScope(int count, int depth, HashSet<string> declared)
    {
        for (int i = 0; i < count; i++)
        {
            string name = Name();
            int kind = _random.Next(8);
            if (kind == 0 && !_used.Contains(name) && declared.Add(name))
            {
                _text.Append($"const {name} = {(_random.Next(3)) switch { 0 => "7", 1 => "'k'", _ => "{ A: 'o', B: 2 }" }};\n");
                _values.Add(name);
            }
            else if (kind <= 2 && depth < 2)
            {
                bool isBlock = _random.Next(2) == 0;
                _text.Append(isBlock ? "{\n" : $"((p{depth}) => {{\n");
                int known = _values.Count;
                var members = _members.ToDictionary((pair) => pair.Key, (pair) => pair.Value.ToList());
                HashSet<string> outer = _used;
                _used = [];
                WriteScope(_random.Next(1, 4), depth + 1, []);
                _used.UnionWith(outer);
                _values.RemoveRange(known, _values.Count - known);
                _members.Clear();
                foreach ((string key, List<string> value) in members) _members[key] = value;
                _text.Append(isBlock ? "}\n" : "})(1);\n");
            }
            else if (!_used.Contains(name) && declared.Add(name))
            {
                string[] members = [.. Enumerable.Range(0, _random.Next(1, 6)).Select((_) => _random.Next(3) == 0 ? $"M{_random.Next(3)}" : Name()).Distinct()];
                _members[name] = [];
                // Perhaps in two declarations.
                int first = _random.Next(3) == 0 ? _random.Next(members.Length) : members.Length;
                WriteEnum(name, members, 0, first);
                if (first < members.Length) WriteEnum(name, members, first, members.Length);
            }
        }
    }

    private void WriteEnum(string name, string[] members, int from, int to)
    {
        List<string> own = _members[name];
        _values.Add(name);
        int known = _values.Count;
        _values.AddRange(own);
        _text.Append($"enum {name} {{ ");
        for (int i = from; i < to; i++)
        {
            _text.Append(_random.Next(6) == 0 ? $"'{members[i]}'" : members[i]).Append(" = ").Append(Value(own, members[i..])).Append(", ");
            own.Add(members[i]);
            _values.Add(members[i]);
        }

        _text.Append($"}} log({_logged++}, typeof {name} === 'object' ? {name} : 0);\n");
        // Members are names within their enum alone.
        _values.RemoveRange(known, _values.Count - known);
    }

    /// <param name="own">Members of the enum that stand before the value.</param>
    /// <param name="later">Those that a value cannot name.</param>
    private string Value(List<string> own, string[] later)
    {
        string left = Operand(own, later);
        return _random.Next(4) switch
        {
            0 => $"{left} + {Operand(own, later)}",
            1 => $"`${{{left}}}`",
            _ => left,
        };
    }

    private string Operand(List<string> own, string[] later)
    {
        int kind = _random.Next(12);
        if (kind == 0) return $"{_random.Next(-3, 9)}";
        if (kind == 1) return "'t'";
        if (kind == 2) return "next()";
        if (kind == 3 && own.Count > 0) return own[_random.Next(own.Count)];
        if (_members.Count == 0 || _values.Count == 0) return "1";
        string value = _values[_random.Next(_values.Count)];
        // An enum is no text or number.
        if (kind == 4) _used.Add(value);
        if (kind == 4) return later.Contains(value) || (_members.ContainsKey(value) && !own.Contains(value)) ? "2" : value;
        (string owner, List<string> members) = _members.ElementAt(_random.Next(_members.Count));
        if (members.Count == 0) return "3";
        _used.Add(owner);
        string member = members[_random.Next(members.Count)];
        return kind switch
        {
            5 or 6 => $"{owner}['{member}']",
            7 => $"{owner}[`{member}`]",
            8 => $"({owner}).{member}",
            9 => $"({owner}.{member})",
            _ => $"{owner}.{member}",
        };
    }
}
