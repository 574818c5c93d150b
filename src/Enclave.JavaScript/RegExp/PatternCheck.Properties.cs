using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.RegExp;

// \p{…} and \P{…} (ECMA-262 22.2.1, UnicodePropertyValueExpression; 22.2.1.1 for its names).
internal ref partial struct PatternCheck
{
    private bool PropertyEscape(out ClassContent content)
    {
        int start = _at;
        content = ClassContent.Characters;
        char letter = _pattern[start + 1];
        _at += 2;
        if (!Eat('{')) return Fail(start, $"after \\{letter} a property's name in braces is missing");
        ReadOnlySpan<char> name = PropertyWord();
        if (Eat('='))
        {
            ReadOnlySpan<char> value = PropertyWord();
            return Eat('}') ? PropertyWithValue(start, name, value) : PropertyNotClosed(start);
        }

        if (!Eat('}')) return PropertyNotClosed(start);
        if (UnicodeProperties.IsGeneralCategory(name) || UnicodeProperties.IsBinary(name)) return true;
        if (!UnicodeProperties.IsOfStrings(name)) return Fail(start, $"there is no Unicode property '{Shorten(name)}'");
        if (_mode != RegExpMode.UnicodeSets) return Fail(start, $"the property '{Shorten(name)}' has strings: it needs flag v");
        if (letter == 'P') return Fail(start, $"the property '{Shorten(name)}' has strings: it cannot be negated");
        content = ClassContent.Strings;
        return true;
    }

    private bool PropertyWithValue(int start, ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        bool known;
        switch (name)
        {
            case "General_Category" or "gc":
                known = UnicodeProperties.IsGeneralCategory(value);
                break;
            case "Script" or "sc" or "Script_Extensions" or "scx":
                known = UnicodeProperties.IsScript(value);
                break;
            default:
                return Fail(start, $"there is no Unicode property '{Shorten(name)}' that takes a value");
        }

        return known || Fail(start, $"the Unicode property '{name}' has no value '{Shorten(value)}'");
    }

    private ReadOnlySpan<char> PropertyWord()
    {
        int start = _at;
        while (char.IsAsciiLetterOrDigit(Peek()) || Peek() == '_') _at++;
        return _pattern[start.._at];
    }

    private bool PropertyNotClosed(int start) =>
        AtEnd ? Fail(start, "the property's name is not closed: '}' is missing") : Fail(_at, $"a property's name cannot contain {Found(_at)}");
}
