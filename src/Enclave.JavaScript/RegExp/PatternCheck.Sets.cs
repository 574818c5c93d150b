using System.Buffers;

namespace Enclave.JavaScript.RegExp;

// Classes of flag v (ECMA-262 22.2.1: ClassSetExpression and below).
internal ref partial struct PatternCheck
{
    private const string ReservedPunctuators = "&-!#%,:;<=>@`~";
    private static readonly SearchValues<char> s_setSyntaxCharacters = SearchValues.Create(@"()[]{}/-\|");
    private static readonly SearchValues<char> s_reservedDoubles = SearchValues.Create("&!#$%*+,.:;<=>?@^`~");

    /// <summary>A class with its brackets, at any level.</summary>
    private bool NestedClass(out ClassContent content)
    {
        int start = _at++;
        content = ClassContent.Characters;
        if (!IsNestable(start)) return false;
        _classDepth++;
        bool negated = Eat('^');
        if (!ClassSetExpression(start, out content)) return false;
        _classDepth--;
        if (!negated || content == ClassContent.Characters) return true;
        return Fail(start, "a negated class cannot have strings, and this one may: they come from \\q{…} or a property of strings");
    }

    /// <summary>The content of a class, and the bracket that closes it. The first operator decides for the whole class.</summary>
    private bool ClassSetExpression(int start, out ClassContent content)
    {
        content = ClassContent.Characters;
        if (Eat(']')) return true;
        if (!ClassSetMember(start, out ClassContent first, out bool isRange)) return false;
        content = first;
        if (!isRange && IsDouble('-')) return ClassSetOperators(start, '-', ref content);
        if (!isRange && IsDouble('&')) return ClassSetOperators(start, '&', ref content);
        while (!Eat(']'))
        {
            if (IsDouble('-') || IsDouble('&')) return Fail(_at, $"'{Peek()}{Peek()}' needs one operand on each side; put what is before it in brackets");
            if (!ClassSetMember(start, out ClassContent next, out _)) return false;
            if (next == ClassContent.Strings) content = next;
        }

        return true;
    }

    private readonly bool IsDouble(char c) => Peek() == c && Peek(1) == c;

    /// <summary>ClassSubtraction and ClassIntersection after the first operand.</summary>
    /// <remarks>A subtraction may have strings if its first operand may, an intersection if all may (22.2.1.8).</remarks>
    private bool ClassSetOperators(int start, char @operator, ref ClassContent content)
    {
        while (!Eat(']'))
        {
            if (AtEnd) return ClassNotClosed(start);
            if (!IsDouble(@operator)) return Fail(_at, $"expected '{@operator}{@operator}' or ']', but there stood {Found(_at)}");
            _at += 2;
            if (@operator == '&' && Peek() == '&') return Fail(_at, "after '&&' there cannot be another '&'");
            if (AtEnd) return ClassNotClosed(start);
            if (!ClassSetOperand(out _, out ClassContent next)) return false;
            if (@operator == '&' && next == ClassContent.Characters) content = next;
        }

        return true;
    }

    /// <summary>ClassSetOperand or ClassSetRange.</summary>
    private bool ClassSetMember(int start, out ClassContent content, out bool isRange)
    {
        content = ClassContent.Characters;
        isRange = false;
        if (AtEnd) return ClassNotClosed(start);
        int first = _at;
        if (!ClassSetOperand(out int low, out content)) return false;
        if (low == NoCharacter || Peek() != '-' || Peek(1) == '-') return true;
        _at++;
        isRange = true;
        if (AtEnd) return ClassNotClosed(start);
        return ClassSetCharacter(out int high) && IsRange(first, low, high);
    }

    /// <summary>ClassSetOperand, and its value if it is one character.</summary>
    private bool ClassSetOperand(out int value, out ClassContent content)
    {
        value = NoCharacter;
        content = ClassContent.Characters;
        if (_pattern[_at] == '[') return NestedClass(out content);
        if (_pattern[_at] == '\\')
        {
            if (Peek(1) == 'q' && Peek(2) == '{') return ClassStringDisjunction(out content);
            if (IsCharacterClassEscape(Peek(1))) return CharacterClassEscape(out content);
        }

        return ClassSetCharacter(out value);
    }

    /// <summary>\q{…}: alternatives of one character are characters, all others strings.</summary>
    private bool ClassStringDisjunction(out ClassContent content)
    {
        int start = _at;
        content = ClassContent.Characters;
        _at += 3;
        int length = 0;
        while (true)
        {
            if (AtEnd) return Fail(start, "\\q{ is not closed: '}' is missing");
            if (_pattern[_at] is '|' or '}')
            {
                if (length != 1) content = ClassContent.Strings;
                length = 0;
                if (_pattern[_at++] == '}') return true;
                continue;
            }

            if (!ClassSetCharacter(out _)) return false;
            length++;
        }
    }

    private bool ClassSetCharacter(out int value)
    {
        int start = _at;
        char c = _pattern[start];
        char next = Peek(1);
        value = NoCharacter;
        if (c == '\\')
        {
            if (next != 'b' && (next == '\0' || !ReservedPunctuators.Contains(next))) return CharacterEscape(out value);
            _at += 2;
            return Itself(next == 'b' ? '\b' : next, out value);
        }

        if (s_setSyntaxCharacters.Contains(c)) return Fail(start, $"in a class of flag v '{c}' must be written '\\{c}'");
        if (c == next && s_reservedDoubles.Contains(c)) return Fail(start, $"in a class of flag v '{c}{c}' is reserved; write '\\{c}\\{c}' for the characters");
        value = NextCodePoint();
        return true;
    }
}
