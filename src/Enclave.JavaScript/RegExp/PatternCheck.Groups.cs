using System.Globalization;
using System.Text;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.RegExp;

// Groups, lookarounds, modifiers and names (ECMA-262 22.2.1: Assertion, Atom, RegularExpressionModifiers, GroupSpecifier, GroupName).
internal ref partial struct PatternCheck
{
    private bool OpenGroup()
    {
        int start = _at++;
        if (!IsNestable(start)) return false;
        Quantifiable after = Quantifiable.Yes;
        if (!Eat('?')) _captures++;
        else if (!GroupKind(start, ref after)) return false;
        int names = _names?.Count ?? 0;
        _open[++_groupDepth] = new OpenGroup(start, after, names, names);
        return true;
    }

    private bool CloseGroup()
    {
        if (_groupDepth == 0) return Fail(_at, "')' closes no group");
        _at++;
        OpenGroup group = _open[_groupDepth--];
        // The last alternative's names are closed already.
        _names?.Close(group.FirstName, group.AlternativeName);
        return group.After == Quantifiable.No || Quantifier();
    }

    /// <summary>Reads the kind of a group behind its question mark.</summary>
    private bool GroupKind(int start, ref Quantifiable after)
    {
        switch (Peek())
        {
            case ':':
                _at++;
                return true;
            case '=' or '!':
                _at++;
                // B.1.2, QuantifiableAssertion: a lookahead may be repeated.
                if (!IsLegacy) after = Quantifiable.No;
                return true;
            case '<' when Peek(1) is '=' or '!':
                _at += 2;
                after = Quantifiable.No;
                return true;
            case '<':
                _captures++;
                return DeclareGroup();
            default:
                return Modifiers(start);
        }
    }

    /// <summary>(?ims-ims:, with the early errors of 22.2.1.1: no flag twice, and at least one flag.</summary>
    private bool Modifiers(int start)
    {
        int seen = 0;
        int minus = -1;
        int first = _at;
        for (; !AtEnd && _pattern[_at] != ':'; _at++)
        {
            char c = _pattern[_at];
            if (c == '-' && minus < 0)
            {
                minus = _at;
                continue;
            }

            int bit = c switch { 'i' => 1, 'm' => 2, 's' => 4, _ => 0 };
            if (bit == 0 && _at == first) return Fail(start, $"after '(?' came {Found(_at)}, which begins no kind of group");
            if (bit == 0) return Fail(_at, $"only i, m and s can be changed for a group, but there stood {Found(_at)}");
            if ((seen & bit) != 0) return Fail(_at, $"'{c}' is given twice in the group's flags");
            seen |= bit;
        }

        if (AtEnd) return Fail(start, $"the group is not complete: {(_at == first ? "after '(?' its kind" : "after its flags ':'")} is missing");
        if (minus >= 0 && seen == 0) return Fail(minus, "the group changes no flag: nothing stands around '-'");
        _at++;
        return true;
    }

    private bool DeclareGroup()
    {
        int start = _at;
        if (!GroupName(out ReadOnlySpan<char> name)) return false;
        _names ??= new GroupNames();
        return _names.TryDeclare(name) || Fail(start + 1, $"the group name '{Shorten(name)}' is taken by a group that can match together with this one");
    }

    /// <summary>\k and its reference. The backslash is at <paramref name="start"/>.</summary>
    private bool NamedReference(int start)
    {
        _at = start + 2;
        if (_references == NamedReferences.Off)
        {
            _sawLegacyK = true;
            return true;
        }

        if (Peek() != '<') return Fail(start, $"after \\k a group's name in <> is missing: there stood {Found(_at)}");
        if (!GroupName(out ReadOnlySpan<char> name)) return false;
        _names ??= new GroupNames();
        _names.Refer(name, start);
        return true;
    }

    /// <summary>GroupName with its angle brackets. Escapes are decoded, because names are compared by meaning.</summary>
    private bool GroupName(out ReadOnlySpan<char> name)
    {
        int start = ++_at;
        StringBuilder? decoded = null;
        name = default;
        while (!Eat('>'))
        {
            int at = _at;
            if (AtEnd) return Fail(start, "the group's name is not closed: '>' is missing");
            if (_pattern[at] == '\\') decoded ??= new StringBuilder().Append(_pattern[start..at]);
            if (!NameCharacter(out int character)) return false;
            bool valid = at == start ? UnicodeIdentifier.IsStart(character) : UnicodeIdentifier.IsPart(character);
            if (!valid) return Fail(at, $"a group's name cannot {(at == start ? "begin with" : "contain")} {Name(at, character)}");
            if (decoded is null) continue;
            if (character > char.MaxValue) decoded.Append(char.ConvertFromUtf32(character));
            else decoded.Append((char)character);
        }

        if (_at - 1 == start) return Fail(start, "the group's name is empty");
        name = decoded is null ? _pattern[start..(_at - 1)] : decoded.ToString();
        return true;
    }

    /// <summary>RegExpIdentifierStart and RegExpIdentifierPart: code points and the escapes of UnicodeMode, in every mode.</summary>
    private bool NameCharacter(out int character)
    {
        int start = _at;
        if (_pattern[_at] != '\\')
        {
            character = NextCodePoint();
            return true;
        }

        _at += 2;
        if (Peek(-1) == 'u' && TryUnicodeEscape(out character)) return true;
        character = NoCharacter;
        return Fail(start, "a group's name can have only \\uXXXX and \\u{X} as escapes");
    }

    private bool IsNestable(int start) =>
        _groupDepth + _classDepth < MaxNesting || Fail(start, $"groups and classes are nested deeper than {MaxNesting}");

    /// <summary>A name's character for messages. An escaped one is shown by its number.</summary>
    private readonly string Name(int at, int character) =>
        _pattern[at] == '\\' ? string.Create(CultureInfo.InvariantCulture, $"U+{character:X4}") : Found(at);
}
